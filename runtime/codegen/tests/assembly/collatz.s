0:
  vmovdqu (%rip), %xmm5
  vmovdqu (%rip), %xmm7
  vpxor %xmm7, %xmm4, %xmm6
  vpxor %xmm7, %xmm5, %xmm7
  vpcmpgtq %xmm7, %xmm6, %xmm6
  vmovdqu (%rip), %xmm13
  vpxor %xmm13, %xmm3, %xmm7
  vpxor %xmm13, %xmm5, %xmm5
  vpcmpgtq %xmm5, %xmm7, %xmm7
  vpandn %xmm1, %xmm6, %xmm5
  vpandn %xmm2, %xmm7, %xmm6
  vmovdqu (%rip), %xmm8
  vpand %xmm8, %xmm4, %xmm7
  vpand %xmm8, %xmm3, %xmm8
  vpxor %xmm15, %xmm15, %xmm9
  vpcmpeqq %xmm9, %xmm7, %xmm7
  vpcmpeqq %xmm9, %xmm8, %xmm8
  vpsrlq $0x1, %xmm4, %xmm9
  vpsrlq $0x1, %xmm3, %xmm10
  vmovdqu (%rip), %xmm11
  vpsrlq $0x20, %xmm11, %xmm12
  vpmuludq %xmm4, %xmm12, %xmm12
  vpsrlq $0x20, %xmm4, %xmm13
  vpmuludq %xmm13, %xmm11, %xmm15
  vpaddq %xmm15, %xmm12, %xmm12
  vpsllq $0x20, %xmm12, %xmm12
  vpmuludq %xmm4, %xmm11, %xmm4
  vpaddq %xmm12, %xmm4, %xmm4
  vpsrlq $0x20, %xmm11, %xmm12
  vpmuludq %xmm3, %xmm12, %xmm12
  vpsrlq $0x20, %xmm3, %xmm13
  vpmuludq %xmm13, %xmm11, %xmm15
  vpaddq %xmm15, %xmm12, %xmm12
  vpsllq $0x20, %xmm12, %xmm12
  vpmuludq %xmm3, %xmm11, %xmm3
  vpaddq %xmm12, %xmm3, %xmm3
  vmovdqu (%rip), %xmm11
  vpaddq %xmm11, %xmm4, %xmm4
  vpaddq %xmm11, %xmm3, %xmm3
  vpblendvb %xmm7, %xmm9, %xmm4, %xmm4
  vpblendvb %xmm8, %xmm10, %xmm3, %xmm3
  vmovdqu (%rip), %xmm7
  vpaddd %xmm7, %xmm0, %xmm7
  vpandn %xmm1, %xmm5, %xmm1
  vpandn %xmm2, %xmm6, %xmm2
  vpackssdw %xmm2, %xmm1, %xmm5
  vblendvps %xmm5, %xmm7, %xmm0, %xmm0
  movq slot(%rsp), %r14
  movl (%r14), %ecx
  testl %ecx, %ecx
  jnz out else 1
1:
  vpor %xmm2, %xmm1, %xmm5
  vptest %xmm5, %xmm5
  jnz 2 else out
2:
  movq %r14, slot(%rsp)
  jmp 0
