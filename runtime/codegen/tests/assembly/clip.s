0:
  vmovupd (%rcx), %xmm0
  vmovupd 0x10(%rcx), %xmm1
  vmovupd 0x20(%rcx), %xmm2
  vmovupd 0x30(%rcx), %xmm3
  vmovupd (%rdi), %xmm4
  vmovupd 0x10(%rdi), %xmm5
  vmovupd 0x20(%rdi), %xmm6
  vmovupd 0x30(%rdi), %xmm7
  vmaxpd %xmm0, %xmm4, %xmm8
  vmaxpd %xmm1, %xmm5, %xmm9
  vmaxpd %xmm2, %xmm6, %xmm10
  vmaxpd %xmm3, %xmm7, %xmm11
  vcmpunordpd %xmm0, %xmm0, %xmm0
  vcmpunordpd %xmm1, %xmm1, %xmm1
  vcmpunordpd %xmm2, %xmm2, %xmm2
  vcmpunordpd %xmm3, %xmm3, %xmm3
  vpblendvb %xmm0, %xmm4, %xmm8, %xmm0
  vpblendvb %xmm1, %xmm5, %xmm9, %xmm1
  vpblendvb %xmm2, %xmm6, %xmm10, %xmm2
  vpblendvb %xmm3, %xmm7, %xmm11, %xmm3
  vmovupd (%r8), %xmm4
  vmovupd 0x10(%r8), %xmm5
  vmovupd 0x20(%r8), %xmm6
  vmovupd 0x30(%r8), %xmm7
  vminpd %xmm0, %xmm4, %xmm8
  vminpd %xmm1, %xmm5, %xmm9
  vminpd %xmm2, %xmm6, %xmm10
  vminpd %xmm3, %xmm7, %xmm11
  vcmpunordpd %xmm0, %xmm0, %xmm0
  vcmpunordpd %xmm1, %xmm1, %xmm1
  vcmpunordpd %xmm2, %xmm2, %xmm2
  vcmpunordpd %xmm3, %xmm3, %xmm3
  vpblendvb %xmm0, %xmm4, %xmm8, %xmm0
  vpblendvb %xmm1, %xmm5, %xmm9, %xmm1
  vpblendvb %xmm2, %xmm6, %xmm10, %xmm2
  vpblendvb %xmm3, %xmm7, %xmm11, %xmm3
  vmovupd %xmm0, (%rax)
  vmovupd %xmm1, 0x10(%rax)
  vmovupd %xmm2, 0x20(%rax)
  vmovupd %xmm3, 0x30(%rax)
  leaq (%rcx, %r9), %rcx
  leaq (%rdi, %r10), %rdi
  leaq (%r8, %rdx), %r8
  leaq 0x40(%rax), %rax
  leaq -8(%r11), %r11
  cmpq $0x8, %r11
  jnb 0 else out
