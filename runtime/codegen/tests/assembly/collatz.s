0:
  vmovdqu (%rip), %xmm5
  vmovdqu (%rip), %xmm7
  vpxor %xmm7, %xmm2, %xmm6
  vpxor %xmm7, %xmm5, %xmm7
  vpcmpgtq %xmm7, %xmm6, %xmm6
  vmovdqu (%rip), %xmm8
  vpxor %xmm8, %xmm3, %xmm7
  vpxor %xmm8, %xmm5, %xmm5
  vpcmpgtq %xmm5, %xmm7, %xmm7
  vpandn %xmm1, %xmm6, %xmm5
  vpandn %xmm4, %xmm7, %xmm6
  vmovdqu (%rip), %xmm8
  vpand %xmm8, %xmm2, %xmm7
  vpand %xmm8, %xmm3, %xmm8
  vpxor %xmm9, %xmm9, %xmm9
  vpcmpeqq %xmm9, %xmm7, %xmm7
  vpcmpeqq %xmm9, %xmm8, %xmm8
  vpsrlq $0x1, %xmm2, %xmm9
  vpsrlq $0x1, %xmm3, %xmm10
  vpsllq $0x1, %xmm2, %xmm11
  vpsllq $0x1, %xmm3, %xmm12
  vpaddq %xmm2, %xmm11, %xmm2
  vpaddq %xmm3, %xmm12, %xmm3
  vmovdqu (%rip), %xmm11
  vpaddq %xmm11, %xmm2, %xmm2
  vpaddq %xmm11, %xmm3, %xmm3
  vpblendvb %xmm7, %xmm9, %xmm2, %xmm2
  vpblendvb %xmm8, %xmm10, %xmm3, %xmm3
  vmovdqu (%rip), %xmm7
  vpaddd %xmm7, %xmm0, %xmm7
  vpandn %xmm1, %xmm5, %xmm1
  vpandn %xmm4, %xmm6, %xmm4
  vpackssdw %xmm4, %xmm1, %xmm5
  vblendvps %xmm5, %xmm7, %xmm0, %xmm0
  movl (%r13), %esi
  testl %esi, %esi
  jnz out else 1
1:
  vpor %xmm4, %xmm1, %xmm5
  vptest %xmm5, %xmm5
  jnz 0 else out
