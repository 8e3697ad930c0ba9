0:
  vmovups (%r12, %rsi, 4), %xmm0
  vmovups 0x10(%r12, %rsi, 4), %xmm1
  vmovups 0x20(%r12, %rsi, 4), %xmm2
  vmovups 0x30(%r12, %rsi, 4), %xmm3
  vmovups (%rip), %xmm7
  vmulps %xmm7, %xmm0, %xmm4
  vmulps %xmm7, %xmm1, %xmm5
  vmulps %xmm7, %xmm2, %xmm6
  vmulps %xmm7, %xmm3, %xmm7
  vmovups (%rip), %xmm8
  vaddps %xmm8, %xmm4, %xmm4
  vaddps %xmm8, %xmm5, %xmm5
  vaddps %xmm8, %xmm6, %xmm6
  vaddps %xmm8, %xmm7, %xmm7
  vmulps %xmm0, %xmm4, %xmm4
  vmulps %xmm1, %xmm5, %xmm5
  vmulps %xmm2, %xmm6, %xmm6
  vmulps %xmm3, %xmm7, %xmm7
  vmovups (%rip), %xmm8
  vaddps %xmm8, %xmm4, %xmm4
  vaddps %xmm8, %xmm5, %xmm5
  vaddps %xmm8, %xmm6, %xmm6
  vaddps %xmm8, %xmm7, %xmm7
  vmulps %xmm0, %xmm4, %xmm4
  vmulps %xmm1, %xmm5, %xmm5
  vmulps %xmm2, %xmm6, %xmm6
  vmulps %xmm3, %xmm7, %xmm7
  vmovups (%rip), %xmm8
  vaddps %xmm8, %xmm4, %xmm4
  vaddps %xmm8, %xmm5, %xmm5
  vaddps %xmm8, %xmm6, %xmm6
  vaddps %xmm8, %xmm7, %xmm7
  vmulps %xmm0, %xmm4, %xmm4
  vmulps %xmm1, %xmm5, %xmm5
  vmulps %xmm2, %xmm6, %xmm6
  vmulps %xmm3, %xmm7, %xmm7
  vmovups (%rip), %xmm8
  vaddps %xmm8, %xmm4, %xmm4
  vaddps %xmm8, %xmm5, %xmm5
  vaddps %xmm8, %xmm6, %xmm6
  vaddps %xmm8, %xmm7, %xmm7
  vmulps %xmm0, %xmm4, %xmm4
  vmulps %xmm1, %xmm5, %xmm5
  vmulps %xmm2, %xmm6, %xmm6
  vmulps %xmm3, %xmm7, %xmm7
  vmovups (%rip), %xmm8
  vaddps %xmm8, %xmm4, %xmm4
  vaddps %xmm8, %xmm5, %xmm5
  vaddps %xmm8, %xmm6, %xmm6
  vaddps %xmm8, %xmm7, %xmm7
  vmulps %xmm0, %xmm4, %xmm4
  vmulps %xmm1, %xmm5, %xmm5
  vmulps %xmm2, %xmm6, %xmm6
  vmulps %xmm3, %xmm7, %xmm7
  vmovups (%rip), %xmm8
  vaddps %xmm8, %xmm4, %xmm4
  vaddps %xmm8, %xmm5, %xmm5
  vaddps %xmm8, %xmm6, %xmm6
  vaddps %xmm8, %xmm7, %xmm7
  vmulps %xmm0, %xmm4, %xmm4
  vmulps %xmm1, %xmm5, %xmm5
  vmulps %xmm2, %xmm6, %xmm6
  vmulps %xmm3, %xmm7, %xmm7
  vmovups (%rip), %xmm8
  vaddps %xmm8, %xmm4, %xmm4
  vaddps %xmm8, %xmm5, %xmm5
  vaddps %xmm8, %xmm6, %xmm6
  vaddps %xmm8, %xmm7, %xmm7
  vmulps %xmm0, %xmm4, %xmm0
  vmulps %xmm1, %xmm5, %xmm1
  vmulps %xmm2, %xmm6, %xmm2
  vmulps %xmm3, %xmm7, %xmm3
  vmovups (%rip), %xmm4
  vaddps %xmm4, %xmm0, %xmm0
  vaddps %xmm4, %xmm1, %xmm1
  vaddps %xmm4, %xmm2, %xmm2
  vaddps %xmm4, %xmm3, %xmm3
  vmovups %xmm0, (%rcx, %rsi, 4)
  vmovups %xmm1, 0x10(%rcx, %rsi, 4)
  vmovups %xmm2, 0x20(%rcx, %rsi, 4)
  vmovups %xmm3, 0x30(%rcx, %rsi, 4)
  leaq 0x10(%rsi), %rsi
  cmpq %rbx, %rsi
  jb 0 else out
