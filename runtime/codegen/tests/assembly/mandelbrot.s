0:
  vmulpd %xmm4, %xmm4, %xmm7
  vmulpd %xmm6, %xmm6, %xmm8
  vmulpd %xmm3, %xmm3, %xmm11
  vmulpd %xmm2, %xmm2, %xmm12
  vaddpd %xmm11, %xmm7, %xmm9
  vaddpd %xmm12, %xmm8, %xmm10
  vmovupd (%rip), %xmm13
  vcmpltpd %xmm9, %xmm13, %xmm9
  vcmpltpd %xmm10, %xmm13, %xmm10
  vpand %xmm9, %xmm1, %xmm9
  vpand %xmm10, %xmm5, %xmm10
  vmovupd (%rip), %xmm13
  vmulpd %xmm4, %xmm13, %xmm4
  vmulpd %xmm6, %xmm13, %xmm6
  vmulpd %xmm3, %xmm4, %xmm3
  vmulpd %xmm2, %xmm6, %xmm2
  vaddpd (%r13, %r14, 8), %xmm3, %xmm3
  vaddpd 0x10(%r13, %r14, 8), %xmm2, %xmm2
  vsubpd %xmm11, %xmm7, %xmm4
  vsubpd %xmm12, %xmm8, %xmm6
  vaddpd (%r12, %r14, 8), %xmm4, %xmm4
  vaddpd 0x10(%r12, %r14, 8), %xmm6, %xmm6
  vmovdqu (%rip), %xmm7
  vpaddd %xmm7, %xmm0, %xmm7
  vmovdqu (%rip), %xmm8
  vpcmpgtd %xmm7, %xmm8, %xmm11
  vpandn %xmm1, %xmm9, %xmm8
  vpandn %xmm5, %xmm10, %xmm9
  vpunpckldq %xmm11, %xmm11, %xmm1
  vpunpckhdq %xmm11, %xmm11, %xmm5
  vpand %xmm1, %xmm8, %xmm1
  vpand %xmm5, %xmm9, %xmm5
  vpackssdw %xmm9, %xmm8, %xmm8
  vblendvps %xmm8, %xmm7, %xmm0, %xmm0
  movl (%rbx), %esi
  testl %esi, %esi
  jnz out else 1
1:
  vpor %xmm5, %xmm1, %xmm7
  vptest %xmm7, %xmm7
  jnz 0 else out
