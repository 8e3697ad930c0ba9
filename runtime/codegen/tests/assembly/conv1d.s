0:
  vmulpd (%rcx), %xmm0, %xmm1
  vmulpd 0x10(%rcx), %xmm0, %xmm2
  vmulpd 0x20(%rcx), %xmm0, %xmm3
  vmulpd 0x30(%rcx), %xmm0, %xmm4
  vaddpd (%r9), %xmm1, %xmm1
  vaddpd 0x10(%r9), %xmm2, %xmm2
  vaddpd 0x20(%r9), %xmm3, %xmm3
  vaddpd 0x30(%r9), %xmm4, %xmm4
  vmovupd %xmm1, (%rax)
  vmovupd %xmm2, 0x10(%rax)
  vmovupd %xmm3, 0x20(%rax)
  vmovupd %xmm4, 0x30(%rax)
  leaq (%rcx, %rdi), %rcx
  leaq (%r9, %rdx), %r9
  leaq 0x40(%rax), %rax
  leaq -8(%r8), %r8
  cmpq $0x8, %r8
  jnb 0 else out
