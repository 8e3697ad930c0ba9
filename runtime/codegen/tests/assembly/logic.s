0:
  vmovdqu (%rcx), %xmm0
  vmovdqu 0x10(%rcx), %xmm1
  vmovdqu 0x20(%rcx), %xmm2
  vmovdqu 0x30(%rcx), %xmm3
  vpxor %xmm4, %xmm4, %xmm4
  vpsubb %xmm0, %xmm4, %xmm0
  vpxor %xmm4, %xmm4, %xmm4
  vpsubb %xmm1, %xmm4, %xmm1
  vpxor %xmm4, %xmm4, %xmm4
  vpsubb %xmm2, %xmm4, %xmm2
  vpxor %xmm4, %xmm4, %xmm4
  vpsubb %xmm3, %xmm4, %xmm3
  vpxor %xmm4, %xmm4, %xmm4
  vpsubb (%rbx), %xmm4, %xmm4
  vpxor %xmm5, %xmm5, %xmm5
  vpsubb 0x10(%rbx), %xmm5, %xmm5
  vpxor %xmm6, %xmm6, %xmm6
  vpsubb 0x20(%rbx), %xmm6, %xmm6
  vpxor %xmm7, %xmm7, %xmm7
  vpsubb 0x30(%rbx), %xmm7, %xmm7
  vpand %xmm4, %xmm0, %xmm4
  vpand %xmm5, %xmm1, %xmm5
  vpand %xmm6, %xmm2, %xmm6
  vpand %xmm7, %xmm3, %xmm7
  vpxor %xmm8, %xmm8, %xmm8
  vpsubb (%rdi), %xmm8, %xmm8
  vpxor %xmm9, %xmm9, %xmm9
  vpsubb 0x10(%rdi), %xmm9, %xmm9
  vpxor %xmm10, %xmm10, %xmm10
  vpsubb 0x20(%rdi), %xmm10, %xmm10
  vpxor %xmm11, %xmm11, %xmm11
  vpsubb 0x30(%rdi), %xmm11, %xmm11
  vpandn %xmm8, %xmm0, %xmm0
  vpandn %xmm9, %xmm1, %xmm1
  vpandn %xmm10, %xmm2, %xmm2
  vpandn %xmm11, %xmm3, %xmm3
  vpor %xmm0, %xmm4, %xmm0
  vpor %xmm1, %xmm5, %xmm1
  vpor %xmm2, %xmm6, %xmm2
  vpor %xmm3, %xmm7, %xmm3
  vmovdqu (%rip), %xmm4
  vpand %xmm4, %xmm0, %xmm0
  vpand %xmm4, %xmm1, %xmm1
  vpand %xmm4, %xmm2, %xmm2
  vpand %xmm4, %xmm3, %xmm3
  vmovdqu %xmm0, (%rax)
  vmovdqu %xmm1, 0x10(%rax)
  vmovdqu %xmm2, 0x20(%rax)
  vmovdqu %xmm3, 0x30(%rax)
  leaq (%rcx, %r8), %rcx
  leaq (%rbx, %r9), %rbx
  leaq (%rdi, %r10), %rdi
  leaq 0x40(%rax), %rax
  leaq -0x40(%r11), %r11
  cmpq $0x40, %r11
  jnb 0 else out
