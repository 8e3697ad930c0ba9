0:
  vmovupd (%r12, %rsi, 8), %xmm0
  vmovupd 0x10(%r12, %rsi, 8), %xmm1
  vmovupd 0x20(%r12, %rsi, 8), %xmm2
  vmovupd 0x30(%r12, %rsi, 8), %xmm3
  vmovupd (%rip), %xmm7
  vmulpd %xmm7, %xmm0, %xmm4
  vmulpd %xmm7, %xmm1, %xmm5
  vmulpd %xmm7, %xmm2, %xmm6
  vmulpd %xmm7, %xmm3, %xmm7
  vmovupd (%rip), %xmm8
  vaddpd %xmm8, %xmm4, %xmm4
  vaddpd %xmm8, %xmm5, %xmm5
  vaddpd %xmm8, %xmm6, %xmm6
  vaddpd %xmm8, %xmm7, %xmm7
  vmulpd %xmm0, %xmm4, %xmm4
  vmulpd %xmm1, %xmm5, %xmm5
  vmulpd %xmm2, %xmm6, %xmm6
  vmulpd %xmm3, %xmm7, %xmm7
  vmovupd (%rip), %xmm8
  vaddpd %xmm8, %xmm4, %xmm4
  vaddpd %xmm8, %xmm5, %xmm5
  vaddpd %xmm8, %xmm6, %xmm6
  vaddpd %xmm8, %xmm7, %xmm7
  vmulpd %xmm0, %xmm4, %xmm4
  vmulpd %xmm1, %xmm5, %xmm5
  vmulpd %xmm2, %xmm6, %xmm6
  vmulpd %xmm3, %xmm7, %xmm7
  vmovupd (%rip), %xmm8
  vaddpd %xmm8, %xmm4, %xmm4
  vaddpd %xmm8, %xmm5, %xmm5
  vaddpd %xmm8, %xmm6, %xmm6
  vaddpd %xmm8, %xmm7, %xmm7
  vmulpd %xmm0, %xmm4, %xmm4
  vmulpd %xmm1, %xmm5, %xmm5
  vmulpd %xmm2, %xmm6, %xmm6
  vmulpd %xmm3, %xmm7, %xmm7
  vmovupd (%rip), %xmm8
  vaddpd %xmm8, %xmm4, %xmm4
  vaddpd %xmm8, %xmm5, %xmm5
  vaddpd %xmm8, %xmm6, %xmm6
  vaddpd %xmm8, %xmm7, %xmm7
  vmulpd %xmm0, %xmm4, %xmm4
  vmulpd %xmm1, %xmm5, %xmm5
  vmulpd %xmm2, %xmm6, %xmm6
  vmulpd %xmm3, %xmm7, %xmm7
  vmovupd (%rip), %xmm8
  vaddpd %xmm8, %xmm4, %xmm4
  vaddpd %xmm8, %xmm5, %xmm5
  vaddpd %xmm8, %xmm6, %xmm6
  vaddpd %xmm8, %xmm7, %xmm7
  vmulpd %xmm0, %xmm4, %xmm4
  vmulpd %xmm1, %xmm5, %xmm5
  vmulpd %xmm2, %xmm6, %xmm6
  vmulpd %xmm3, %xmm7, %xmm7
  vmovupd (%rip), %xmm8
  vaddpd %xmm8, %xmm4, %xmm4
  vaddpd %xmm8, %xmm5, %xmm5
  vaddpd %xmm8, %xmm6, %xmm6
  vaddpd %xmm8, %xmm7, %xmm7
  vmulpd %xmm0, %xmm4, %xmm4
  vmulpd %xmm1, %xmm5, %xmm5
  vmulpd %xmm2, %xmm6, %xmm6
  vmulpd %xmm3, %xmm7, %xmm7
  vmovupd (%rip), %xmm8
  vaddpd %xmm8, %xmm4, %xmm4
  vaddpd %xmm8, %xmm5, %xmm5
  vaddpd %xmm8, %xmm6, %xmm6
  vaddpd %xmm8, %xmm7, %xmm7
  vmulpd %xmm0, %xmm4, %xmm0
  vmulpd %xmm1, %xmm5, %xmm1
  vmulpd %xmm2, %xmm6, %xmm2
  vmulpd %xmm3, %xmm7, %xmm3
  vmovupd (%rip), %xmm4
  vaddpd %xmm4, %xmm0, %xmm0
  vaddpd %xmm4, %xmm1, %xmm1
  vaddpd %xmm4, %xmm2, %xmm2
  vaddpd %xmm4, %xmm3, %xmm3
  vmovupd %xmm0, (%rcx, %rsi, 8)
  vmovupd %xmm1, 0x10(%rcx, %rsi, 8)
  vmovupd %xmm2, 0x20(%rcx, %rsi, 8)
  vmovupd %xmm3, 0x30(%rcx, %rsi, 8)
  leaq 8(%rsi), %rsi
  cmpq %rbx, %rsi
  jb 0 else out
