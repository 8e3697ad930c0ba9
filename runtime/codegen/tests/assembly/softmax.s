0:
  leaq slot(%rsp), %rax
  vmovupd (%r14, %rdx, 8), %xmm0
  vmovupd 0x10(%r14, %rdx, 8), %xmm1
  vmovupd 0x20(%r14, %rdx, 8), %xmm2
  vmovupd 0x30(%r14, %rdx, 8), %xmm3
  vsubpd (%r13), %xmm0, %xmm0
  vsubpd 0x10(%r13), %xmm1, %xmm1
  vsubpd 0x20(%r13), %xmm2, %xmm2
  vsubpd 0x30(%r13), %xmm3, %xmm3
  vmovupd %xmm0, (%rax, %rdx, 8)
  vmovupd %xmm1, 0x10(%rax, %rdx, 8)
  vmovupd %xmm2, 0x20(%rax, %rdx, 8)
  vmovupd %xmm3, 0x30(%rax, %rdx, 8)
  leaq 8(%rdx), %rdx
  movq slot(%rsp), %rax
  cmpq %rax, %rdx
  jb 1 else out
1:
  movq %rax, slot(%rsp)
  jmp 0

0:
  vmulpd (%rax), %xmm0, %xmm1
  vmulpd 0x10(%rax), %xmm0, %xmm2
  vmulpd 0x20(%rax), %xmm0, %xmm3
  vmulpd 0x30(%rax), %xmm0, %xmm4
  vmovupd %xmm1, (%r10)
  vmovupd %xmm2, 0x10(%r10)
  vmovupd %xmm3, 0x20(%r10)
  vmovupd %xmm4, 0x30(%r10)
  leaq (%rax, %rcx), %rax
  leaq 0x40(%r10), %r10
  leaq -8(%rdx), %rdx
  cmpq $0x8, %rdx
  jnb 0 else out
