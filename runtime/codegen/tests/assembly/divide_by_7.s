0:
  vmovdqu (%rax), %xmm2
  vmovdqu 0x10(%rax), %xmm0
  vmovdqu 0x20(%rax), %xmm6
  vmovdqu 0x30(%rax), %xmm8
  vmovdqu (%rip), %xmm1
  vcvtdq2pd %xmm2, %xmm11
  movdqu %xmm11, slot(%rsp)
  vpshufd $0xee, %xmm2, %xmm2
  vcvtdq2pd %xmm2, %xmm11
  vcvtdq2pd %xmm0, %xmm3
  vpshufd $0xee, %xmm0, %xmm0
  vcvtdq2pd %xmm0, %xmm2
  vcvtdq2pd %xmm6, %xmm5
  vpshufd $0xee, %xmm6, %xmm0
  vcvtdq2pd %xmm0, %xmm6
  vcvtdq2pd %xmm8, %xmm7
  vpshufd $0xee, %xmm8, %xmm0
  vcvtdq2pd %xmm0, %xmm8
  vcvtdq2pd %xmm1, %xmm9
  vpshufd $0xee, %xmm1, %xmm0
  vcvtdq2pd %xmm0, %xmm10
  vcvtdq2pd %xmm1, %xmm12
  vpshufd $0xee, %xmm1, %xmm0
  vcvtdq2pd %xmm0, %xmm13
  vcvtdq2pd %xmm1, %xmm14
  vpshufd $0xee, %xmm1, %xmm0
  vcvtdq2pd %xmm0, %xmm15
  vcvtdq2pd %xmm1, %xmm0
  vpshufd $0xee, %xmm1, %xmm1
  vcvtdq2pd %xmm1, %xmm4
  movdqu slot(%rsp), %xmm1
  vdivpd %xmm9, %xmm1, %xmm1
  vdivpd %xmm10, %xmm11, %xmm11
  vdivpd %xmm12, %xmm3, %xmm10
  vdivpd %xmm13, %xmm2, %xmm9
  vdivpd %xmm14, %xmm5, %xmm5
  vdivpd %xmm15, %xmm6, %xmm3
  vdivpd %xmm0, %xmm7, %xmm2
  vdivpd %xmm4, %xmm8, %xmm0
  vcmpeqpd %xmm1, %xmm1, %xmm4
  vandps (%rip), %xmm4, %xmm4
  vminpd %xmm4, %xmm1, %xmm1
  vcvttpd2dq %xmm1, %xmm1
  vcmpeqpd %xmm11, %xmm11, %xmm4
  vandps (%rip), %xmm4, %xmm4
  vminpd %xmm4, %xmm11, %xmm4
  vcvttpd2dq %xmm4, %xmm4
  vcmpeqpd %xmm10, %xmm10, %xmm6
  vandps (%rip), %xmm6, %xmm6
  vminpd %xmm6, %xmm10, %xmm6
  vcvttpd2dq %xmm6, %xmm6
  vcmpeqpd %xmm9, %xmm9, %xmm7
  vandps (%rip), %xmm7, %xmm7
  vminpd %xmm7, %xmm9, %xmm7
  vcvttpd2dq %xmm7, %xmm7
  vcmpeqpd %xmm5, %xmm5, %xmm8
  vandps (%rip), %xmm8, %xmm8
  vminpd %xmm8, %xmm5, %xmm5
  vcvttpd2dq %xmm5, %xmm5
  vcmpeqpd %xmm3, %xmm3, %xmm8
  vandps (%rip), %xmm8, %xmm8
  vminpd %xmm8, %xmm3, %xmm3
  vcvttpd2dq %xmm3, %xmm3
  vcmpeqpd %xmm2, %xmm2, %xmm8
  vandps (%rip), %xmm8, %xmm8
  vminpd %xmm8, %xmm2, %xmm2
  vcvttpd2dq %xmm2, %xmm2
  vcmpeqpd %xmm0, %xmm0, %xmm8
  vandps (%rip), %xmm8, %xmm8
  vminpd %xmm8, %xmm0, %xmm0
  vcvttpd2dq %xmm0, %xmm0
  vpunpcklqdq %xmm4, %xmm1, %xmm1
  vpunpcklqdq %xmm7, %xmm6, %xmm4
  vpunpcklqdq %xmm3, %xmm5, %xmm3
  vpunpcklqdq %xmm0, %xmm2, %xmm0
  vmovdqu %xmm1, (%r10)
  vmovdqu %xmm4, 0x10(%r10)
  vmovdqu %xmm3, 0x20(%r10)
  vmovdqu %xmm0, 0x30(%r10)
  leaq (%rax, %rcx), %rax
  leaq 0x40(%r10), %r10
  leaq -0x10(%rdx), %rdx
  cmpq $0x10, %rdx
  jnb 0 else out
