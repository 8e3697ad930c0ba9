0:
  vmovdqu (%rax), %xmm0
  vmovdqu 0x10(%rax), %xmm1
  vmovdqu 0x20(%rax), %xmm2
  vmovdqu 0x30(%rax), %xmm3
  vmovdqu (%rip), %xmm4
  vpshufd $0x50, %xmm4, %xmm5
  vpshufd $0x50, %xmm0, %xmm6
  vpmuldq %xmm6, %xmm5, %xmm5
  vpshufd $0xfa, %xmm4, %xmm6
  vpshufd $0xfa, %xmm0, %xmm7
  vpmuldq %xmm7, %xmm6, %xmm6
  vpshufd $0x50, %xmm4, %xmm7
  vpshufd $0x50, %xmm1, %xmm8
  vpmuldq %xmm8, %xmm7, %xmm7
  vpshufd $0xfa, %xmm4, %xmm8
  vpshufd $0xfa, %xmm1, %xmm9
  vpmuldq %xmm9, %xmm8, %xmm8
  vpshufd $0x50, %xmm4, %xmm9
  vpshufd $0x50, %xmm2, %xmm10
  vpmuldq %xmm10, %xmm9, %xmm9
  vpshufd $0xfa, %xmm4, %xmm10
  vpshufd $0xfa, %xmm2, %xmm11
  vpmuldq %xmm11, %xmm10, %xmm10
  vpshufd $0x50, %xmm4, %xmm11
  vpshufd $0x50, %xmm3, %xmm12
  vpmuldq %xmm12, %xmm11, %xmm11
  vpshufd $0xfa, %xmm4, %xmm4
  vpshufd $0xfa, %xmm3, %xmm12
  vpmuldq %xmm12, %xmm4, %xmm4
  vshufps $0xdd, %xmm6, %xmm5, %xmm5
  vshufps $0xdd, %xmm8, %xmm7, %xmm6
  vshufps $0xdd, %xmm10, %xmm9, %xmm7
  vshufps $0xdd, %xmm4, %xmm11, %xmm4
  vpaddd %xmm0, %xmm5, %xmm5
  vpaddd %xmm1, %xmm6, %xmm6
  vpaddd %xmm2, %xmm7, %xmm7
  vpaddd %xmm3, %xmm4, %xmm8
  vpsrad $0x2, %xmm5, %xmm4
  vpsrad $0x2, %xmm6, %xmm5
  vpsrad $0x2, %xmm7, %xmm6
  vpsrad $0x2, %xmm8, %xmm7
  vpsrad $0x1f, %xmm0, %xmm0
  vpsrad $0x1f, %xmm1, %xmm1
  vpsrad $0x1f, %xmm2, %xmm2
  vpsrad $0x1f, %xmm3, %xmm3
  vpsubd %xmm0, %xmm4, %xmm0
  vpsubd %xmm1, %xmm5, %xmm1
  vpsubd %xmm2, %xmm6, %xmm2
  vpsubd %xmm3, %xmm7, %xmm3
  vmovdqu %xmm0, (%r10)
  vmovdqu %xmm1, 0x10(%r10)
  vmovdqu %xmm2, 0x20(%r10)
  vmovdqu %xmm3, 0x30(%r10)
  leaq (%rax, %rcx), %rax
  leaq 0x40(%r10), %r10
  leaq -0x10(%rdx), %rdx
  cmpq $0x10, %rdx
  jnb 0 else out
