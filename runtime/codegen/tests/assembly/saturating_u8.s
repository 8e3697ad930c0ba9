0:
  vmovdqu (%rax), %xmm1
  vmovdqu 0x10(%rax), %xmm2
  vmovdqu 0x20(%rax), %xmm3
  vmovdqu 0x30(%rax), %xmm4
  vpcmpeqd %xmm5, %xmm5, %xmm5
  vpxor %xmm5, %xmm1, %xmm6
  vpxor %xmm5, %xmm2, %xmm7
  vpxor %xmm5, %xmm3, %xmm8
  vpxor %xmm5, %xmm4, %xmm5
  vpminub %xmm0, %xmm6, %xmm6
  vpminub %xmm0, %xmm7, %xmm7
  vpminub %xmm0, %xmm8, %xmm8
  vpminub %xmm0, %xmm5, %xmm5
  vpaddb %xmm6, %xmm1, %xmm1
  vpaddb %xmm7, %xmm2, %xmm2
  vpaddb %xmm8, %xmm3, %xmm3
  vpaddb %xmm5, %xmm4, %xmm4
  vmovdqu %xmm1, (%rcx)
  vmovdqu %xmm2, 0x10(%rcx)
  vmovdqu %xmm3, 0x20(%rcx)
  vmovdqu %xmm4, 0x30(%rcx)
  leaq 0x40(%rax), %rax
  leaq 0x40(%rcx), %rcx
  leaq -0x40(%rdx), %rdx
  cmpq $0x40, %rdx
  jnb 0 else out

0:
  vpcmpeqd %xmm1, %xmm1, %xmm1
  vpxor %xmm1, %xmm0, %xmm2
  vpxor %xmm1, %xmm0, %xmm3
  vpxor %xmm1, %xmm0, %xmm4
  vpxor %xmm1, %xmm0, %xmm1
  vpminub (%rax), %xmm2, %xmm2
  vpminub 0x10(%rax), %xmm3, %xmm3
  vpminub 0x20(%rax), %xmm4, %xmm4
  vpminub 0x30(%rax), %xmm1, %xmm1
  vpaddb %xmm2, %xmm0, %xmm2
  vpaddb %xmm3, %xmm0, %xmm3
  vpaddb %xmm4, %xmm0, %xmm4
  vpaddb %xmm1, %xmm0, %xmm1
  vmovdqu %xmm2, (%rcx)
  vmovdqu %xmm3, 0x10(%rcx)
  vmovdqu %xmm4, 0x20(%rcx)
  vmovdqu %xmm1, 0x30(%rcx)
  leaq 0x40(%rax), %rax
  leaq 0x40(%rcx), %rcx
  leaq -0x40(%rdx), %rdx
  cmpq $0x40, %rdx
  jnb 0 else out

0:
  vmovdqu (%rdi), %xmm0
  vmovdqu 0x10(%rdi), %xmm1
  vmovdqu 0x20(%rdi), %xmm2
  vmovdqu 0x30(%rdi), %xmm3
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
  leaq (%rdi, %rcx), %rdi
  leaq (%r8, %rdx), %r8
  leaq 0x40(%rax), %rax
  leaq -0x40(%r9), %r9
  cmpq $0x40, %r9
  jnb 0 else out
