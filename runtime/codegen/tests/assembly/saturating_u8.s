0:
  vmovdqu (%rcx), %xmm6
  vmovdqu 0x10(%rcx), %xmm7
  vmovdqu 0x20(%rcx), %xmm5
  vmovdqu 0x30(%rcx), %xmm4
  vmovdqu (%rdx), %xmm0
  vmovdqu 0x10(%rdx), %xmm1
  vmovdqu 0x20(%rdx), %xmm2
  vmovdqu 0x30(%rdx), %xmm3
  vpaddb %xmm0, %xmm6, %xmm0
  vpaddb %xmm1, %xmm7, %xmm1
  vpaddb %xmm2, %xmm5, %xmm2
  vpaddb %xmm3, %xmm4, %xmm3
  vpminub %xmm6, %xmm0, %xmm8
  vpcmpeqb %xmm6, %xmm8, %xmm6
  vpcmpeqd %xmm8, %xmm8, %xmm8
  vpxor %xmm8, %xmm6, %xmm6
  vpminub %xmm7, %xmm1, %xmm8
  vpcmpeqb %xmm7, %xmm8, %xmm7
  vpcmpeqd %xmm8, %xmm8, %xmm8
  vpxor %xmm8, %xmm7, %xmm7
  vpminub %xmm5, %xmm2, %xmm8
  vpcmpeqb %xmm5, %xmm8, %xmm5
  vpcmpeqd %xmm8, %xmm8, %xmm8
  vpxor %xmm8, %xmm5, %xmm5
  vpminub %xmm4, %xmm3, %xmm8
  vpcmpeqb %xmm4, %xmm8, %xmm4
  vpcmpeqd %xmm8, %xmm8, %xmm8
  vpxor %xmm8, %xmm4, %xmm4
  vpcmpeqd %xmm8, %xmm8, %xmm8
  vpblendvb %xmm6, %xmm8, %xmm0, %xmm0
  vpblendvb %xmm7, %xmm8, %xmm1, %xmm1
  vpblendvb %xmm5, %xmm8, %xmm2, %xmm2
  vpblendvb %xmm4, %xmm8, %xmm3, %xmm3
  vmovdqu %xmm0, (%rax)
  vmovdqu %xmm1, 0x10(%rax)
  vmovdqu %xmm2, 0x20(%rax)
  vmovdqu %xmm3, 0x30(%rax)
  leaq (%rcx, %rdi), %rcx
  leaq (%rdx, %r8), %rdx
  leaq 0x40(%rax), %rax
  leaq -0x40(%r9), %r9
  cmpq $0x40, %r9
  jnb 0 else out
