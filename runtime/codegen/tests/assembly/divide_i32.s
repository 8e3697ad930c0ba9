0:
  vmovdqu (%rcx), %xmm2
  vmovdqu 0x10(%rcx), %xmm1
  vmovdqu 0x20(%rcx), %xmm0
  vpxor %xmm3, %xmm3, %xmm3
  vpcmpeqd %xmm3, %xmm2, %xmm4
  vpcmpeqd %xmm3, %xmm1, %xmm5
  vpcmpeqd %xmm3, %xmm0, %xmm3
  vpor %xmm5, %xmm4, %xmm4
  vpor %xmm3, %xmm4, %xmm3
  vptest %xmm3, %xmm3
  jnz out else 1
1:
  vmovdqu (%r10), %xmm5
  vmovdqu 0x10(%r10), %xmm4
  vmovdqu 0x20(%r10), %xmm3
  vmovdqu (%rip), %xmm8
  vpcmpeqd %xmm8, %xmm5, %xmm6
  vpcmpeqd %xmm8, %xmm4, %xmm7
  vpcmpeqd %xmm8, %xmm3, %xmm8
  vpcmpeqd %xmm9, %xmm9, %xmm9
  vpcmpeqd %xmm9, %xmm2, %xmm10
  vpcmpeqd %xmm9, %xmm1, %xmm11
  vpcmpeqd %xmm9, %xmm0, %xmm9
  vpand %xmm10, %xmm6, %xmm6
  vpand %xmm11, %xmm7, %xmm7
  vpand %xmm9, %xmm8, %xmm8
  vpor %xmm7, %xmm6, %xmm6
  vpor %xmm8, %xmm6, %xmm6
  vptest %xmm6, %xmm6
  jnz out else 2
2:
  vcvtdq2pd %xmm5, %xmm6
  vpshufd $0xee, %xmm5, %xmm5
  vcvtdq2pd %xmm5, %xmm5
  vcvtdq2pd %xmm4, %xmm7
  vpshufd $0xee, %xmm4, %xmm4
  vcvtdq2pd %xmm4, %xmm4
  vcvtdq2pd %xmm3, %xmm8
  vpshufd $0xee, %xmm3, %xmm3
  vcvtdq2pd %xmm3, %xmm9
  vcvtdq2pd %xmm2, %xmm3
  vpshufd $0xee, %xmm2, %xmm2
  vcvtdq2pd %xmm2, %xmm2
  vcvtdq2pd %xmm1, %xmm10
  vpshufd $0xee, %xmm1, %xmm1
  vcvtdq2pd %xmm1, %xmm11
  vcvtdq2pd %xmm0, %xmm12
  vpshufd $0xee, %xmm0, %xmm0
  vcvtdq2pd %xmm0, %xmm0
  vdivpd %xmm3, %xmm6, %xmm1
  vdivpd %xmm2, %xmm5, %xmm6
  vdivpd %xmm10, %xmm7, %xmm5
  vdivpd %xmm11, %xmm4, %xmm3
  vdivpd %xmm12, %xmm8, %xmm2
  vdivpd %xmm0, %xmm9, %xmm0
  vcmpeqpd %xmm1, %xmm1, %xmm4
  vandps (%rip), %xmm4, %xmm4
  vminpd %xmm4, %xmm1, %xmm1
  vcvttpd2dq %xmm1, %xmm1
  vcmpeqpd %xmm6, %xmm6, %xmm4
  vandps (%rip), %xmm4, %xmm4
  vminpd %xmm4, %xmm6, %xmm4
  vcvttpd2dq %xmm4, %xmm4
  vcmpeqpd %xmm5, %xmm5, %xmm6
  vandps (%rip), %xmm6, %xmm6
  vminpd %xmm6, %xmm5, %xmm5
  vcvttpd2dq %xmm5, %xmm5
  vcmpeqpd %xmm3, %xmm3, %xmm6
  vandps (%rip), %xmm6, %xmm6
  vminpd %xmm6, %xmm3, %xmm3
  vcvttpd2dq %xmm3, %xmm3
  vcmpeqpd %xmm2, %xmm2, %xmm6
  vandps (%rip), %xmm6, %xmm6
  vminpd %xmm6, %xmm2, %xmm2
  vcvttpd2dq %xmm2, %xmm2
  vcmpeqpd %xmm0, %xmm0, %xmm6
  vandps (%rip), %xmm6, %xmm6
  vminpd %xmm6, %xmm0, %xmm0
  vcvttpd2dq %xmm0, %xmm0
  vpunpcklqdq %xmm4, %xmm1, %xmm1
  vpunpcklqdq %xmm3, %xmm5, %xmm3
  vpunpcklqdq %xmm0, %xmm2, %xmm0
  vmovdqu %xmm1, (%rax)
  vmovdqu %xmm3, 0x10(%rax)
  vmovdqu %xmm0, 0x20(%rax)
  leaq (%rcx, %r8), %rcx
  leaq (%r10, %r9), %r10
  leaq 0x30(%rax), %rax
  leaq -0xc(%rdi), %rdi
  cmpq $0xc, %rdi
  jnb 0 else out
