0:
  vmovdqu (%rax), %xmm2
  vpmovzxbw %xmm2, %xmm3
  vpxor %xmm0, %xmm0, %xmm4
  vpunpckhbw %xmm4, %xmm2, %xmm4
  vpmovzxwd %xmm3, %xmm2
  vpxor %xmm0, %xmm0, %xmm5
  vpunpckhwd %xmm5, %xmm3, %xmm5
  vpmovzxwd %xmm4, %xmm3
  vpxor %xmm0, %xmm0, %xmm6
  vpunpckhwd %xmm6, %xmm4, %xmm6
  vcvtdq2ps %xmm2, %xmm2
  vcvtdq2ps %xmm5, %xmm4
  vcvtdq2ps %xmm3, %xmm3
  vcvtdq2ps %xmm6, %xmm5
  vmovups (%rip), %xmm6
  vdivps %xmm6, %xmm2, %xmm2
  vdivps %xmm6, %xmm4, %xmm4
  vdivps %xmm6, %xmm3, %xmm3
  vdivps %xmm6, %xmm5, %xmm5
  vmovups %xmm2, (%r10)
  vmovups %xmm4, 0x10(%r10)
  vmovups %xmm3, 0x20(%r10)
  vmovups %xmm5, 0x30(%r10)
  leaq (%rax, %rcx), %rax
  leaq 0x40(%r10), %r10
  leaq -0x10(%rdx), %rdx
  cmpq $0x10, %rdx
  jnb 0 else out
