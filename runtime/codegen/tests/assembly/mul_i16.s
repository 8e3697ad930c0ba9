0:
  vmovdqu (%rcx), %xmm0
  vmovdqu 0x10(%rcx), %xmm1
  vmovdqu 0x20(%rcx), %xmm2
  vmovdqu 0x30(%rcx), %xmm3
  vmovdqu (%r8), %xmm4
  vmovdqu 0x10(%r8), %xmm5
  vmovdqu 0x20(%r8), %xmm6
  vmovdqu 0x30(%r8), %xmm7
  vpmullw %xmm4, %xmm0, %xmm0
  vpmullw %xmm5, %xmm1, %xmm1
  vpmullw %xmm6, %xmm2, %xmm2
  vpmullw %xmm7, %xmm3, %xmm3
  vpxor %xmm4, %xmm0, %xmm0
  vpxor %xmm5, %xmm1, %xmm1
  vpxor %xmm6, %xmm2, %xmm2
  vpxor %xmm7, %xmm3, %xmm3
  vmovdqu %xmm0, (%rax)
  vmovdqu %xmm1, 0x10(%rax)
  vmovdqu %xmm2, 0x20(%rax)
  vmovdqu %xmm3, 0x30(%rax)
  leaq (%rcx, %rdi), %rcx
  leaq (%r8, %rdx), %r8
  leaq 0x40(%rax), %rax
  leaq -0x20(%r9), %r9
  cmpq $0x20, %r9
  jnb 0 else out
