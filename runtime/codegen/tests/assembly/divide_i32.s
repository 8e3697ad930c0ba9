0:
  vpxor %xmm1, %xmm1, %xmm1
  vpcmpeqd %xmm1, %xmm0, %xmm2
  vpcmpeqd %xmm1, %xmm0, %xmm3
  vpcmpeqd %xmm1, %xmm0, %xmm1
  vpor %xmm3, %xmm2, %xmm2
  vpor %xmm1, %xmm2, %xmm1
  vptest %xmm1, %xmm1
  jnz out else 1
1:
  vmovdqu (%rax), %xmm3
  vmovdqu 0x10(%rax), %xmm2
  vmovdqu 0x20(%rax), %xmm1
  vmovdqu (%rip), %xmm6
  vpcmpeqd %xmm6, %xmm3, %xmm4
  vpcmpeqd %xmm6, %xmm2, %xmm5
  vpcmpeqd %xmm6, %xmm1, %xmm6
  vpcmpeqd %xmm7, %xmm7, %xmm7
  vpcmpeqd %xmm7, %xmm0, %xmm8
  vpcmpeqd %xmm7, %xmm0, %xmm9
  vpcmpeqd %xmm7, %xmm0, %xmm7
  vpand %xmm8, %xmm4, %xmm4
  vpand %xmm9, %xmm5, %xmm5
  vpand %xmm7, %xmm6, %xmm6
  vpor %xmm5, %xmm4, %xmm4
  vpor %xmm6, %xmm4, %xmm4
  vptest %xmm4, %xmm4
  jnz out else 2
2:
  vcvtdq2pd %xmm3, %xmm4
  vpshufd $0xee, %xmm3, %xmm3
  vcvtdq2pd %xmm3, %xmm3
  vcvtdq2pd %xmm2, %xmm5
  vpshufd $0xee, %xmm2, %xmm2
  vcvtdq2pd %xmm2, %xmm2
  vcvtdq2pd %xmm1, %xmm6
  vpshufd $0xee, %xmm1, %xmm1
  vcvtdq2pd %xmm1, %xmm1
  vcvtdq2pd %xmm0, %xmm7
  vpshufd $0xee, %xmm0, %xmm8
  vcvtdq2pd %xmm8, %xmm8
  vcvtdq2pd %xmm0, %xmm9
  vpshufd $0xee, %xmm0, %xmm10
  vcvtdq2pd %xmm10, %xmm11
  vcvtdq2pd %xmm0, %xmm12
  vpshufd $0xee, %xmm0, %xmm10
  vcvtdq2pd %xmm10, %xmm13
  vdivpd %xmm7, %xmm4, %xmm10
  vdivpd %xmm8, %xmm3, %xmm8
  vdivpd %xmm9, %xmm5, %xmm7
  vdivpd %xmm11, %xmm2, %xmm4
  vdivpd %xmm12, %xmm6, %xmm3
  vdivpd %xmm13, %xmm1, %xmm1
  vcmpeqpd %xmm10, %xmm10, %xmm2
  vandps (%rip), %xmm2, %xmm2
  vminpd %xmm2, %xmm10, %xmm2
  vcvttpd2dq %xmm2, %xmm2
  vcmpeqpd %xmm8, %xmm8, %xmm5
  vandps (%rip), %xmm5, %xmm5
  vminpd %xmm5, %xmm8, %xmm5
  vcvttpd2dq %xmm5, %xmm5
  vcmpeqpd %xmm7, %xmm7, %xmm6
  vandps (%rip), %xmm6, %xmm6
  vminpd %xmm6, %xmm7, %xmm6
  vcvttpd2dq %xmm6, %xmm6
  vcmpeqpd %xmm4, %xmm4, %xmm7
  vandps (%rip), %xmm7, %xmm7
  vminpd %xmm7, %xmm4, %xmm4
  vcvttpd2dq %xmm4, %xmm4
  vcmpeqpd %xmm3, %xmm3, %xmm7
  vandps (%rip), %xmm7, %xmm7
  vminpd %xmm7, %xmm3, %xmm3
  vcvttpd2dq %xmm3, %xmm3
  vcmpeqpd %xmm1, %xmm1, %xmm7
  vandps (%rip), %xmm7, %xmm7
  vminpd %xmm7, %xmm1, %xmm1
  vcvttpd2dq %xmm1, %xmm1
  vpunpcklqdq %xmm5, %xmm2, %xmm2
  vpunpcklqdq %xmm4, %xmm6, %xmm4
  vpunpcklqdq %xmm1, %xmm3, %xmm1
  vmovdqu %xmm2, (%rcx)
  vmovdqu %xmm4, 0x10(%rcx)
  vmovdqu %xmm1, 0x20(%rcx)
  leaq (%rax, %rdi), %rax
  leaq 0x30(%rcx), %rcx
  leaq -0xc(%rdx), %rdx
  cmpq $0xc, %rdx
  jnb 0 else out

0:
  vmovdqu (%rax), %xmm3
  vmovdqu 0x10(%rax), %xmm2
  vmovdqu 0x20(%rax), %xmm1
  vpxor %xmm4, %xmm4, %xmm4
  vpcmpeqd %xmm4, %xmm3, %xmm5
  vpcmpeqd %xmm4, %xmm2, %xmm6
  vpcmpeqd %xmm4, %xmm1, %xmm4
  vpor %xmm6, %xmm5, %xmm5
  vpor %xmm4, %xmm5, %xmm4
  vptest %xmm4, %xmm4
  jnz out else 1
1:
  vmovdqu (%rip), %xmm6
  vpcmpeqd %xmm6, %xmm0, %xmm4
  vpcmpeqd %xmm6, %xmm0, %xmm5
  vpcmpeqd %xmm6, %xmm0, %xmm6
  vpcmpeqd %xmm7, %xmm7, %xmm7
  vpcmpeqd %xmm7, %xmm3, %xmm8
  vpcmpeqd %xmm7, %xmm2, %xmm9
  vpcmpeqd %xmm7, %xmm1, %xmm7
  vpand %xmm8, %xmm4, %xmm4
  vpand %xmm9, %xmm5, %xmm5
  vpand %xmm7, %xmm6, %xmm6
  vpor %xmm5, %xmm4, %xmm4
  vpor %xmm6, %xmm4, %xmm4
  vptest %xmm4, %xmm4
  jnz out else 2
2:
  vcvtdq2pd %xmm0, %xmm4
  vpshufd $0xee, %xmm0, %xmm5
  vcvtdq2pd %xmm5, %xmm5
  vcvtdq2pd %xmm0, %xmm6
  vpshufd $0xee, %xmm0, %xmm7
  vcvtdq2pd %xmm7, %xmm7
  vcvtdq2pd %xmm0, %xmm8
  vpshufd $0xee, %xmm0, %xmm9
  vcvtdq2pd %xmm9, %xmm9
  vcvtdq2pd %xmm3, %xmm10
  vpshufd $0xee, %xmm3, %xmm3
  vcvtdq2pd %xmm3, %xmm3
  vcvtdq2pd %xmm2, %xmm11
  vpshufd $0xee, %xmm2, %xmm2
  vcvtdq2pd %xmm2, %xmm12
  vcvtdq2pd %xmm1, %xmm13
  vpshufd $0xee, %xmm1, %xmm1
  vcvtdq2pd %xmm1, %xmm1
  vdivpd %xmm10, %xmm4, %xmm2
  vdivpd %xmm3, %xmm5, %xmm5
  vdivpd %xmm11, %xmm6, %xmm6
  vdivpd %xmm12, %xmm7, %xmm4
  vdivpd %xmm13, %xmm8, %xmm3
  vdivpd %xmm1, %xmm9, %xmm1
  vcmpeqpd %xmm2, %xmm2, %xmm7
  vandps (%rip), %xmm7, %xmm7
  vminpd %xmm7, %xmm2, %xmm2
  vcvttpd2dq %xmm2, %xmm2
  vcmpeqpd %xmm5, %xmm5, %xmm7
  vandps (%rip), %xmm7, %xmm7
  vminpd %xmm7, %xmm5, %xmm5
  vcvttpd2dq %xmm5, %xmm5
  vcmpeqpd %xmm6, %xmm6, %xmm7
  vandps (%rip), %xmm7, %xmm7
  vminpd %xmm7, %xmm6, %xmm6
  vcvttpd2dq %xmm6, %xmm6
  vcmpeqpd %xmm4, %xmm4, %xmm7
  vandps (%rip), %xmm7, %xmm7
  vminpd %xmm7, %xmm4, %xmm4
  vcvttpd2dq %xmm4, %xmm4
  vcmpeqpd %xmm3, %xmm3, %xmm7
  vandps (%rip), %xmm7, %xmm7
  vminpd %xmm7, %xmm3, %xmm3
  vcvttpd2dq %xmm3, %xmm3
  vcmpeqpd %xmm1, %xmm1, %xmm7
  vandps (%rip), %xmm7, %xmm7
  vminpd %xmm7, %xmm1, %xmm1
  vcvttpd2dq %xmm1, %xmm1
  vpunpcklqdq %xmm5, %xmm2, %xmm2
  vpunpcklqdq %xmm4, %xmm6, %xmm4
  vpunpcklqdq %xmm1, %xmm3, %xmm1
  vmovdqu %xmm2, (%rcx)
  vmovdqu %xmm4, 0x10(%rcx)
  vmovdqu %xmm1, 0x20(%rcx)
  leaq (%rax, %rdi), %rax
  leaq 0x30(%rcx), %rcx
  leaq -0xc(%rdx), %rdx
  cmpq $0xc, %rdx
  jnb 0 else out

0:
  vmovdqu (%r8), %xmm2
  vmovdqu 0x10(%r8), %xmm1
  vmovdqu 0x20(%r8), %xmm0
  vpxor %xmm3, %xmm3, %xmm3
  vpcmpeqd %xmm3, %xmm2, %xmm4
  vpcmpeqd %xmm3, %xmm1, %xmm5
  vpcmpeqd %xmm3, %xmm0, %xmm3
  vpor %xmm5, %xmm4, %xmm4
  vpor %xmm3, %xmm4, %xmm3
  vptest %xmm3, %xmm3
  jnz out else 1
1:
  vmovdqu (%rcx), %xmm5
  vmovdqu 0x10(%rcx), %xmm4
  vmovdqu 0x20(%rcx), %xmm3
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
  vcvtdq2pd %xmm1, %xmm1
  vcvtdq2pd %xmm0, %xmm11
  vpshufd $0xee, %xmm0, %xmm0
  vcvtdq2pd %xmm0, %xmm12
  vdivpd %xmm3, %xmm6, %xmm0
  vdivpd %xmm2, %xmm5, %xmm5
  vdivpd %xmm10, %xmm7, %xmm6
  vdivpd %xmm1, %xmm4, %xmm3
  vdivpd %xmm11, %xmm8, %xmm2
  vdivpd %xmm12, %xmm9, %xmm1
  vcmpeqpd %xmm0, %xmm0, %xmm4
  vandps (%rip), %xmm4, %xmm4
  vminpd %xmm4, %xmm0, %xmm4
  vcvttpd2dq %xmm4, %xmm4
  vcmpeqpd %xmm5, %xmm5, %xmm0
  vandps (%rip), %xmm0, %xmm0
  vminpd %xmm0, %xmm5, %xmm5
  vcvttpd2dq %xmm5, %xmm5
  vcmpeqpd %xmm6, %xmm6, %xmm0
  vandps (%rip), %xmm0, %xmm0
  vminpd %xmm0, %xmm6, %xmm6
  vcvttpd2dq %xmm6, %xmm6
  vcmpeqpd %xmm3, %xmm3, %xmm0
  vandps (%rip), %xmm0, %xmm0
  vminpd %xmm0, %xmm3, %xmm3
  vcvttpd2dq %xmm3, %xmm7
  vcmpeqpd %xmm2, %xmm2, %xmm0
  vandps (%rip), %xmm0, %xmm0
  vminpd %xmm0, %xmm2, %xmm2
  vcvttpd2dq %xmm2, %xmm0
  vcmpeqpd %xmm1, %xmm1, %xmm2
  vandps (%rip), %xmm2, %xmm2
  vminpd %xmm2, %xmm1, %xmm2
  vcvttpd2dq %xmm2, %xmm1
  vpunpcklqdq %xmm5, %xmm4, %xmm2
  vpunpcklqdq %xmm7, %xmm6, %xmm3
  vpunpcklqdq %xmm1, %xmm0, %xmm1
  vmovdqu %xmm2, (%rax)
  vmovdqu %xmm3, 0x10(%rax)
  vmovdqu %xmm1, 0x20(%rax)
  leaq (%r8, %rdi), %r8
  leaq (%rcx, %r9), %rcx
  leaq 0x30(%rax), %rax
  leaq -0xc(%rdx), %rdx
  cmpq $0xc, %rdx
  jnb 0 else out
