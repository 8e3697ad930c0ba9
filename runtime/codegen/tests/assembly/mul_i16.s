0:
  vmovdqu (%rax), %xmm1
  vmovdqu 0x10(%rax), %xmm2
  vmovdqu 0x20(%rax), %xmm3
  vmovdqu 0x30(%rax), %xmm4
  vpmullw %xmm0, %xmm1, %xmm1
  vpmullw %xmm0, %xmm2, %xmm2
  vpmullw %xmm0, %xmm3, %xmm3
  vpmullw %xmm0, %xmm4, %xmm4
  vpxor %xmm0, %xmm1, %xmm1
  vpxor %xmm0, %xmm2, %xmm2
  vpxor %xmm0, %xmm3, %xmm3
  vpxor %xmm0, %xmm4, %xmm4
  vmovdqu %xmm1, (%rcx)
  vmovdqu %xmm2, 0x10(%rcx)
  vmovdqu %xmm3, 0x20(%rcx)
  vmovdqu %xmm4, 0x30(%rcx)
  leaq 0x40(%rax), %rax
  leaq 0x40(%rcx), %rcx
  leaq -0x20(%rdx), %rdx
  cmpq $0x20, %rdx
  jnb 0 else out

0:
  vmovdqu (%r8), %xmm1
  vmovdqu 0x10(%r8), %xmm2
  vmovdqu 0x20(%r8), %xmm3
  vmovdqu 0x30(%r8), %xmm4
  vpmullw %xmm1, %xmm0, %xmm5
  vpmullw %xmm2, %xmm0, %xmm6
  vpmullw %xmm3, %xmm0, %xmm7
  vpmullw %xmm4, %xmm0, %xmm8
  vpxor %xmm1, %xmm5, %xmm1
  vpxor %xmm2, %xmm6, %xmm2
  vpxor %xmm3, %xmm7, %xmm3
  vpxor %xmm4, %xmm8, %xmm4
  vmovdqu %xmm1, (%r10)
  vmovdqu %xmm2, 0x10(%r10)
  vmovdqu %xmm3, 0x20(%r10)
  vmovdqu %xmm4, 0x30(%r10)
  leaq 0x40(%r8), %r8
  leaq 0x40(%r10), %r10
  leaq -0x20(%rcx), %rcx
  cmpq $0x20, %rcx
  jnb 0 else out

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
