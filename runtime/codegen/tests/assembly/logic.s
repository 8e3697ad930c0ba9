0:
  vmovdqu (%rax), %xmm2
  vmovdqu 0x10(%rax), %xmm3
  vmovdqu 0x20(%rax), %xmm1
  vmovdqu 0x30(%rax), %xmm0
  vpxor %xmm4, %xmm4, %xmm4
  vpsubb %xmm2, %xmm4, %xmm2
  vpxor %xmm4, %xmm4, %xmm4
  vpsubb %xmm3, %xmm4, %xmm3
  vpxor %xmm4, %xmm4, %xmm4
  vpsubb %xmm1, %xmm4, %xmm4
  vpxor %xmm1, %xmm1, %xmm1
  vpsubb %xmm0, %xmm1, %xmm5
  vpxor %xmm0, %xmm0, %xmm0
  vpsubb (%rcx), %xmm0, %xmm6
  vpxor %xmm0, %xmm0, %xmm0
  vpsubb 0x10(%rcx), %xmm0, %xmm7
  vpxor %xmm0, %xmm0, %xmm0
  vpsubb 0x20(%rcx), %xmm0, %xmm8
  vpxor %xmm0, %xmm0, %xmm0
  vpsubb 0x30(%rcx), %xmm0, %xmm9
  vpand %xmm6, %xmm2, %xmm0
  vpand %xmm7, %xmm3, %xmm1
  vpand %xmm8, %xmm4, %xmm6
  vpand %xmm9, %xmm5, %xmm7
  vpxor %xmm8, %xmm8, %xmm8
  vpsubb (%r10), %xmm8, %xmm8
  vpxor %xmm9, %xmm9, %xmm9
  vpsubb 0x10(%r10), %xmm9, %xmm9
  vpxor %xmm10, %xmm10, %xmm10
  vpsubb 0x20(%r10), %xmm10, %xmm10
  vpxor %xmm11, %xmm11, %xmm11
  vpsubb 0x30(%r10), %xmm11, %xmm11
  vpandn %xmm8, %xmm2, %xmm2
  vpandn %xmm9, %xmm3, %xmm3
  vpandn %xmm10, %xmm4, %xmm4
  vpandn %xmm11, %xmm5, %xmm5
  vpor %xmm2, %xmm0, %xmm0
  vpor %xmm3, %xmm1, %xmm1
  vpor %xmm4, %xmm6, %xmm2
  vpor %xmm5, %xmm7, %xmm3
  vmovdqu (%rip), %xmm4
  vpand %xmm4, %xmm0, %xmm0
  vpand %xmm4, %xmm1, %xmm1
  vpand %xmm4, %xmm2, %xmm2
  vpand %xmm4, %xmm3, %xmm3
  vmovdqu %xmm0, (%r8)
  vmovdqu %xmm1, 0x10(%r8)
  vmovdqu %xmm2, 0x20(%r8)
  vmovdqu %xmm3, 0x30(%r8)
  leaq (%rax, %rdx), %rax
  leaq (%rcx), %rcx
  leaq (%r10), %r10
  leaq 0x40(%r8), %r8
  leaq -0x40(%r9), %r9
  cmpq $0x40, %r9
  jnb 0 else out

0:
  vmovdqu (%rax), %xmm0
  vmovdqu 0x10(%rax), %xmm1
  vmovdqu 0x20(%rax), %xmm2
  vmovdqu 0x30(%rax), %xmm3
  vpxor %xmm4, %xmm4, %xmm4
  vpsubb %xmm0, %xmm4, %xmm0
  vpxor %xmm4, %xmm4, %xmm4
  vpsubb %xmm1, %xmm4, %xmm1
  vpxor %xmm4, %xmm4, %xmm4
  vpsubb %xmm2, %xmm4, %xmm2
  vpxor %xmm4, %xmm4, %xmm4
  vpsubb %xmm3, %xmm4, %xmm3
  vpxor %xmm4, %xmm4, %xmm4
  vpsubb (%rcx), %xmm4, %xmm4
  vpxor %xmm5, %xmm5, %xmm5
  vpsubb 0x10(%rcx), %xmm5, %xmm5
  vpxor %xmm6, %xmm6, %xmm6
  vpsubb 0x20(%rcx), %xmm6, %xmm6
  vpxor %xmm7, %xmm7, %xmm7
  vpsubb 0x30(%rcx), %xmm7, %xmm7
  vpand %xmm4, %xmm0, %xmm4
  vpand %xmm5, %xmm1, %xmm5
  vpand %xmm6, %xmm2, %xmm6
  vpand %xmm7, %xmm3, %xmm7
  vpxor %xmm13, %xmm13, %xmm15
  vpsubb (%r11), %xmm15, %xmm8
  vpxor %xmm13, %xmm13, %xmm15
  vpsubb 0x10(%r11), %xmm15, %xmm9
  vpxor %xmm13, %xmm13, %xmm15
  vpsubb 0x20(%r11), %xmm15, %xmm10
  vpxor %xmm13, %xmm13, %xmm15
  vpsubb 0x30(%r11), %xmm15, %xmm11
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
  vmovdqu %xmm0, (%r8)
  vmovdqu %xmm1, 0x10(%r8)
  vmovdqu %xmm2, 0x20(%r8)
  vmovdqu %xmm3, 0x30(%r8)
  leaq (%rax), %rax
  leaq (%rcx, %r9), %rcx
  leaq (%r11, %rdx), %r11
  leaq 0x40(%r8), %r8
  leaq -0x40(%r10), %r10
  cmpq $0x40, %r10
  jnb 0 else out

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
  vpsubb (%r11), %xmm4, %xmm4
  vpxor %xmm5, %xmm5, %xmm5
  vpsubb 0x10(%r11), %xmm5, %xmm5
  vpxor %xmm6, %xmm6, %xmm6
  vpsubb 0x20(%r11), %xmm6, %xmm6
  vpxor %xmm7, %xmm7, %xmm7
  vpsubb 0x30(%r11), %xmm7, %xmm7
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
  leaq (%r11, %r9), %r11
  leaq (%rdi, %rdx), %rdi
  leaq 0x40(%rax), %rax
  leaq -0x40(%r10), %r10
  cmpq $0x40, %r10
  jnb 0 else out
