0:
  vmovupd (%rax), %xmm7
  vmovupd 0x10(%rax), %xmm0
  vmovupd 0x20(%rax), %xmm1
  vmovupd 0x30(%rax), %xmm2
  vmovupd (%rip), %xmm3
  vmaxpd %xmm3, %xmm7, %xmm7
  vmaxpd %xmm3, %xmm0, %xmm0
  vmaxpd %xmm3, %xmm1, %xmm1
  vmaxpd %xmm3, %xmm2, %xmm2
  vmaxpd %xmm7, %xmm5, %xmm7
  vmaxpd %xmm0, %xmm5, %xmm0
  vmaxpd %xmm1, %xmm5, %xmm1
  vmaxpd %xmm2, %xmm5, %xmm2
  vminpd %xmm7, %xmm6, %xmm7
  vminpd %xmm0, %xmm6, %xmm0
  vminpd %xmm1, %xmm6, %xmm1
  vminpd %xmm2, %xmm6, %xmm2
  vmovupd %xmm7, (%rcx)
  vmovupd %xmm0, 0x10(%rcx)
  vmovupd %xmm1, 0x20(%rcx)
  vmovupd %xmm2, 0x30(%rcx)
  leaq 0x40(%rax), %rax
  leaq 0x40(%rcx), %rcx
  leaq -8(%rdx), %rdx
  cmpq $0x8, %rdx
  jnb 0 else out

0:
  vmovupd (%rax), %xmm1
  vmovupd 0x10(%rax), %xmm2
  vmovupd 0x20(%rax), %xmm3
  vmovupd 0x30(%rax), %xmm4
  vmaxpd %xmm0, %xmm1, %xmm1
  vmaxpd %xmm0, %xmm2, %xmm2
  vmaxpd %xmm0, %xmm3, %xmm3
  vmaxpd %xmm0, %xmm4, %xmm4
  vmovupd (%rcx), %xmm5
  vmovupd 0x10(%rcx), %xmm6
  vmovupd 0x20(%rcx), %xmm7
  vmovupd 0x30(%rcx), %xmm8
  vminpd %xmm1, %xmm5, %xmm1
  vminpd %xmm2, %xmm6, %xmm2
  vminpd %xmm3, %xmm7, %xmm3
  vminpd %xmm4, %xmm8, %xmm4
  vmovupd %xmm1, (%rdx)
  vmovupd %xmm2, 0x10(%rdx)
  vmovupd %xmm3, 0x20(%rdx)
  vmovupd %xmm4, 0x30(%rdx)
  leaq 0x40(%rax), %rax
  leaq 0x40(%rcx), %rcx
  leaq 0x40(%rdx), %rdx
  leaq -8(%rdi), %rdi
  cmpq $0x8, %rdi
  jnb 0 else out

0:
  vmovupd (%rdi), %xmm0
  vmovupd 0x10(%rdi), %xmm1
  vmovupd 0x20(%rdi), %xmm2
  vmovupd 0x30(%rdi), %xmm3
  vmovupd (%r9), %xmm4
  vmovupd 0x10(%r9), %xmm5
  vmovupd 0x20(%r9), %xmm6
  vmovupd 0x30(%r9), %xmm7
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
  leaq (%rdi, %rcx), %rdi
  leaq (%r9, %r10), %r9
  leaq (%r8, %rdx), %r8
  leaq 0x40(%rax), %rax
  leaq -8(%r11), %r11
  cmpq $0x8, %r11
  jnb 0 else out
