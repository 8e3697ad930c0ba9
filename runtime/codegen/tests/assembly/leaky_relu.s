0:
  vmovupd (%rcx), %xmm0
  vmovupd 0x10(%rcx), %xmm1
  vmovupd 0x20(%rcx), %xmm2
  vmovupd 0x30(%rcx), %xmm3
  vxorpd %xmm4, %xmm4, %xmm7
  vcmpltpd %xmm7, %xmm0, %xmm4
  vcmpltpd %xmm7, %xmm1, %xmm5
  vcmpltpd %xmm7, %xmm2, %xmm6
  vcmpltpd %xmm7, %xmm3, %xmm7
  vmulpd (%r8), %xmm0, %xmm8
  vmulpd 0x10(%r8), %xmm1, %xmm9
  vmulpd 0x20(%r8), %xmm2, %xmm10
  vmulpd 0x30(%r8), %xmm3, %xmm11
  vpblendvb %xmm4, %xmm8, %xmm0, %xmm0
  vpblendvb %xmm5, %xmm9, %xmm1, %xmm1
  vpblendvb %xmm6, %xmm10, %xmm2, %xmm2
  vpblendvb %xmm7, %xmm11, %xmm3, %xmm3
  vmovupd %xmm0, (%rax)
  vmovupd %xmm1, 0x10(%rax)
  vmovupd %xmm2, 0x20(%rax)
  vmovupd %xmm3, 0x30(%rax)
  leaq (%rcx, %rdi), %rcx
  leaq (%r8, %rdx), %r8
  leaq 0x40(%rax), %rax
  leaq -8(%r9), %r9
  cmpq $0x8, %r9
  jnb 0 else out
