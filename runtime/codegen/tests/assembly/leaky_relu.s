0:
  vxorpd %xmm1, %xmm1, %xmm4
  vcmpltpd %xmm4, %xmm0, %xmm1
  vcmpltpd %xmm4, %xmm0, %xmm2
  vcmpltpd %xmm4, %xmm0, %xmm3
  vcmpltpd %xmm4, %xmm0, %xmm4
  vmulpd (%rax), %xmm0, %xmm5
  vmulpd 0x10(%rax), %xmm0, %xmm6
  vmulpd 0x20(%rax), %xmm0, %xmm7
  vmulpd 0x30(%rax), %xmm0, %xmm14
  vpblendvb %xmm1, %xmm5, %xmm0, %xmm1
  vpblendvb %xmm2, %xmm6, %xmm0, %xmm2
  vpblendvb %xmm3, %xmm7, %xmm0, %xmm3
  vpblendvb %xmm4, %xmm14, %xmm0, %xmm4
  vmovupd %xmm1, (%rcx)
  vmovupd %xmm2, 0x10(%rcx)
  vmovupd %xmm3, 0x20(%rcx)
  vmovupd %xmm4, 0x30(%rcx)
  leaq (%rax, %rdx), %rax
  leaq 0x40(%rcx), %rcx
  leaq -8(%rdi), %rdi
  cmpq $0x8, %rdi
  jnb 0 else out

0:
  vmovupd (%r10), %xmm1
  vmovupd 0x10(%r10), %xmm2
  vmovupd 0x20(%r10), %xmm3
  vxorpd %xmm4, %xmm4, %xmm6
  vcmpltpd %xmm6, %xmm1, %xmm4
  vcmpltpd %xmm6, %xmm2, %xmm5
  vcmpltpd %xmm6, %xmm3, %xmm6
  vmulpd %xmm1, %xmm0, %xmm7
  vmulpd %xmm2, %xmm0, %xmm8
  vmulpd %xmm3, %xmm0, %xmm9
  vpblendvb %xmm4, %xmm7, %xmm1, %xmm1
  vpblendvb %xmm5, %xmm8, %xmm2, %xmm2
  vpblendvb %xmm6, %xmm9, %xmm3, %xmm3
  vmovupd %xmm1, (%rax)
  vmovupd %xmm2, 0x10(%rax)
  vmovupd %xmm3, 0x20(%rax)
  leaq (%r10, %rcx), %r10
  leaq 0x30(%rax), %rax
  leaq -6(%rdx), %rdx
  cmpq $0x6, %rdx
  jnb 0 else out

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
  vmulpd (%rdi), %xmm0, %xmm8
  vmulpd 0x10(%rdi), %xmm1, %xmm9
  vmulpd 0x20(%rdi), %xmm2, %xmm10
  vmulpd 0x30(%rdi), %xmm3, %xmm11
  vpblendvb %xmm4, %xmm8, %xmm0, %xmm0
  vpblendvb %xmm5, %xmm9, %xmm1, %xmm1
  vpblendvb %xmm6, %xmm10, %xmm2, %xmm2
  vpblendvb %xmm7, %xmm11, %xmm3, %xmm3
  vmovupd %xmm0, (%rax)
  vmovupd %xmm1, 0x10(%rax)
  vmovupd %xmm2, 0x20(%rax)
  vmovupd %xmm3, 0x30(%rax)
  leaq (%rcx, %r8), %rcx
  leaq (%rdi, %rdx), %rdi
  leaq 0x40(%rax), %rax
  leaq -8(%r9), %r9
  cmpq $0x8, %r9
  jnb 0 else out
