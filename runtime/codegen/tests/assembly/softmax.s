0:
  vmovupd (%rcx), %xmm7
  vmovupd 0x10(%rcx), %xmm6
  vmovupd 0x20(%rcx), %xmm5
  vmovupd 0x30(%rcx), %xmm4
  vmaxpd %xmm2, %xmm7, %xmm11
  vcmpunordpd %xmm2, %xmm2, %xmm2
  vpblendvb %xmm2, %xmm7, %xmm11, %xmm2
  vmaxpd %xmm3, %xmm6, %xmm7
  vcmpunordpd %xmm3, %xmm3, %xmm3
  vpblendvb %xmm3, %xmm6, %xmm7, %xmm3
  vmaxpd %xmm1, %xmm5, %xmm6
  vcmpunordpd %xmm1, %xmm1, %xmm1
  vpblendvb %xmm1, %xmm5, %xmm6, %xmm1
  vmaxpd %xmm0, %xmm4, %xmm5
  vcmpunordpd %xmm0, %xmm0, %xmm0
  vpblendvb %xmm0, %xmm4, %xmm5, %xmm0
  leaq (%rcx, %r11), %rcx
  leaq -8(%rdx), %rdx
  cmpq $0x8, %rdx
  jnb 0 else out

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
