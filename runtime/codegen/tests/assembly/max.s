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
