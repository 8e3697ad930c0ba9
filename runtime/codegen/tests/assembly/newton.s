0:
  vmovupd (%rip), %xmm6
  vmulpd %xmm8, %xmm6, %xmm5
  vmulpd %xmm7, %xmm6, %xmm6
  vmulpd %xmm8, %xmm8, %xmm10
  vmulpd %xmm7, %xmm7, %xmm9
  vmovupd (%r13, %rbx, 8), %xmm11
  vdivpd %xmm10, %xmm11, %xmm10
  vmovupd 0x10(%r13, %rbx, 8), %xmm11
  vdivpd %xmm9, %xmm11, %xmm9
  vaddpd %xmm10, %xmm5, %xmm5
  vaddpd %xmm9, %xmm6, %xmm6
  vmovupd (%rip), %xmm9
  vdivpd %xmm9, %xmm5, %xmm5
  vdivpd %xmm9, %xmm6, %xmm6
  vmovdqu (%rip), %xmm9
  vpaddd %xmm9, %xmm0, %xmm0
  vsubpd %xmm8, %xmm5, %xmm9
  vsubpd %xmm7, %xmm6, %xmm10
  vmovupd (%rip), %xmm11
  vandpd %xmm11, %xmm9, %xmm9
  vandpd %xmm11, %xmm10, %xmm10
  vmovupd (%rip), %xmm11
  vmulpd %xmm8, %xmm11, %xmm8
  vmulpd %xmm7, %xmm11, %xmm11
  vcmplepd %xmm8, %xmm9, %xmm7
  vcmplepd %xmm11, %xmm10, %xmm8
  vmovdqu (%rip), %xmm9
  vpcmpeqd %xmm9, %xmm0, %xmm9
  vpunpckldq %xmm9, %xmm9, %xmm10
  vpunpckhdq %xmm9, %xmm9, %xmm9
  vpor %xmm10, %xmm7, %xmm7
  vpor %xmm9, %xmm8, %xmm8
  vpand %xmm7, %xmm1, %xmm7
  vpand %xmm8, %xmm4, %xmm8
  vpandn %xmm1, %xmm7, %xmm1
  vpandn %xmm4, %xmm8, %xmm4
  vblendvpd %xmm7, %xmm5, %xmm2, %xmm2
  vblendvpd %xmm8, %xmm6, %xmm3, %xmm3
  movq slot(%rsp), %r14
  movl (%r14), %ecx
  testl %ecx, %ecx
  jnz out else 1
1:
  vpor %xmm4, %xmm1, %xmm7
  vptest %xmm7, %xmm7
  jnz 2 else out
2:
  movq %r14, slot(%rsp)
  movdqa %xmm6, %xmm7
  movdqa %xmm5, %xmm8
  jmp 0
