0:
  vmovdqu (%rcx), %xmm0
  vmovdqu 0x10(%rcx), %xmm1
  vmovdqu 0x20(%rcx), %xmm2
  vmovdqu 0x30(%rcx), %xmm3
  vpcmpeqd %xmm4, %xmm4, %xmm4
  vpxor %xmm4, %xmm0, %xmm5
  vpxor %xmm4, %xmm1, %xmm6
  vpxor %xmm4, %xmm2, %xmm7
  vpxor %xmm4, %xmm3, %xmm4
  vpminub (%r8), %xmm5, %xmm5
  vpminub 0x10(%r8), %xmm6, %xmm6
  vpminub 0x20(%r8), %xmm7, %xmm7
  vpminub 0x30(%r8), %xmm4, %xmm4
  vpaddb %xmm5, %xmm0, %xmm0
  vpaddb %xmm6, %xmm1, %xmm1
  vpaddb %xmm7, %xmm2, %xmm2
  vpaddb %xmm4, %xmm3, %xmm3
  vmovdqu %xmm0, (%rax)
  vmovdqu %xmm1, 0x10(%rax)
  vmovdqu %xmm2, 0x20(%rax)
  vmovdqu %xmm3, 0x30(%rax)
  leaq (%rcx, %rdi), %rcx
  leaq (%r8, %rdx), %r8
  leaq 0x40(%rax), %rax
  leaq -0x40(%r9), %r9
  cmpq $0x40, %r9
  jnb 0 else out
