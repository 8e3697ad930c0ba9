0:
  vmovdqu (%rip), %xmm7
  vpcmpgtd %xmm0, %xmm7, %xmm7
  vpcmpeqd %xmm8, %xmm8, %xmm8
  vpxor %xmm8, %xmm7, %xmm7
  vpunpckldq %xmm7, %xmm7, %xmm8
  vpunpckhdq %xmm7, %xmm7, %xmm9
  vpand %xmm8, %xmm1, %xmm7
  vpand %xmm9, %xmm2, %xmm8
  vmulpd %xmm5, %xmm5, %xmm9
  vmulpd %xmm6, %xmm6, %xmm10
  vmulpd %xmm4, %xmm4, %xmm11
  vmulpd %xmm3, %xmm3, %xmm12
  vaddpd %xmm11, %xmm9, %xmm13
  vaddpd %xmm12, %xmm10, %xmm14
  vmovupd (%rip), %xmm15
  vcmpltpd %xmm13, %xmm15, %xmm13
  vcmpltpd %xmm14, %xmm15, %xmm14
  vpand %xmm13, %xmm1, %xmm13
  vpand %xmm14, %xmm2, %xmm14
  vpandn %xmm13, %xmm7, %xmm13
  vpandn %xmm14, %xmm8, %xmm14
  vmovupd (%rip), %xmm15
  vmulpd %xmm5, %xmm15, %xmm5
  vmulpd %xmm6, %xmm15, %xmm6
  vmulpd %xmm4, %xmm5, %xmm4
  vmulpd %xmm3, %xmm6, %xmm3
  vaddpd (%r13, %r14, 8), %xmm4, %xmm4
  vaddpd 0x10(%r13, %r14, 8), %xmm3, %xmm3
  vsubpd %xmm11, %xmm9, %xmm5
  vsubpd %xmm12, %xmm10, %xmm6
  vaddpd (%rbx, %r14, 8), %xmm5, %xmm5
  vaddpd 0x10(%rbx, %r14, 8), %xmm6, %xmm6
  vmovdqu (%rip), %xmm9
  vpaddd %xmm9, %xmm0, %xmm9
  vpandn %xmm1, %xmm7, %xmm1
  vpandn %xmm2, %xmm8, %xmm2
  vpandn %xmm1, %xmm13, %xmm1
  vpandn %xmm2, %xmm14, %xmm2
  vpackssdw %xmm2, %xmm1, %xmm7
  vblendvps %xmm7, %xmm9, %xmm0, %xmm0
  movl (%r12), %esi
  testl %esi, %esi
  jnz out else 1
1:
  vpor %xmm2, %xmm1, %xmm7
  vptest %xmm7, %xmm7
  jnz 0 else out
