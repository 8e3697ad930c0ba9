0:
  vxorpd %xmm1, %xmm1, %xmm4
  vcmpltpd %xmm4, %xmm0, %xmm1
  vcmpltpd %xmm4, %xmm0, %xmm2
  vcmpltpd %xmm4, %xmm0, %xmm3
  vcmpltpd %xmm4, %xmm0, %xmm4
  vmulpd (%rax), %xmm0, %xmm5
  vmulpd 0x10(%rax), %xmm0, %xmm6
  vmulpd 0x20(%rax), %xmm0, %xmm7
  vmulpd 0x30(%rax), %xmm0, %xmm8
  vpblendvb %xmm1, %xmm5, %xmm0, %xmm1
  vpblendvb %xmm2, %xmm6, %xmm0, %xmm2
  vpblendvb %xmm3, %xmm7, %xmm0, %xmm3
  vpblendvb %xmm4, %xmm8, %xmm0, %xmm4
  vmovupd %xmm1, (%rcx)
  vmovupd %xmm2, 0x10(%rcx)
  vmovupd %xmm3, 0x20(%rcx)
  vmovupd %xmm4, 0x30(%rcx)
  leaq 0x40(%rax), %rax
  leaq 0x40(%rcx), %rcx
  leaq -8(%rdx), %rdx
  cmpq $0x8, %rdx
  jnb 0 else out

0:
  vmovupd (%r9), %xmm1
  vmovupd 0x10(%r9), %xmm2
  vmovupd 0x20(%r9), %xmm3
  vmovupd 0x30(%r9), %xmm4
  vxorpd %xmm5, %xmm5, %xmm8
  vcmpltpd %xmm8, %xmm1, %xmm5
  vcmpltpd %xmm8, %xmm2, %xmm6
  vcmpltpd %xmm8, %xmm3, %xmm7
  vcmpltpd %xmm8, %xmm4, %xmm8
  vmulpd %xmm1, %xmm0, %xmm9
  vmulpd %xmm2, %xmm0, %xmm10
  vmulpd %xmm3, %xmm0, %xmm11
  vmulpd %xmm4, %xmm0, %xmm12
  vpblendvb %xmm5, %xmm9, %xmm1, %xmm1
  vpblendvb %xmm6, %xmm10, %xmm2, %xmm2
  vpblendvb %xmm7, %xmm11, %xmm3, %xmm3
  vpblendvb %xmm8, %xmm12, %xmm4, %xmm4
  vmovupd %xmm1, (%r11)
  vmovupd %xmm2, 0x10(%r11)
  vmovupd %xmm3, 0x20(%r11)
  vmovupd %xmm4, 0x30(%r11)
  leaq 0x40(%r9), %r9
  leaq 0x40(%r11), %r11
  leaq -8(%rcx), %rcx
  cmpq $0x8, %rcx
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
  vmulpd (%r9), %xmm0, %xmm8
  vmulpd 0x10(%r9), %xmm1, %xmm9
  vmulpd 0x20(%r9), %xmm2, %xmm10
  vmulpd 0x30(%r9), %xmm3, %xmm11
  vpblendvb %xmm4, %xmm8, %xmm0, %xmm0
  vpblendvb %xmm5, %xmm9, %xmm1, %xmm1
  vpblendvb %xmm6, %xmm10, %xmm2, %xmm2
  vpblendvb %xmm7, %xmm11, %xmm3, %xmm3
  vmovupd %xmm0, (%rax)
  vmovupd %xmm1, 0x10(%rax)
  vmovupd %xmm2, 0x20(%rax)
  vmovupd %xmm3, 0x30(%rax)
  leaq (%rcx, %rdi), %rcx
  leaq (%r9, %rdx), %r9
  leaq 0x40(%rax), %rax
  leaq -8(%r8), %r8
  cmpq $0x8, %r8
  jnb 0 else out
