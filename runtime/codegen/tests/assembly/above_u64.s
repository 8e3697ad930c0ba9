0:
  vmovdqu (%rax), %xmm1
  vmovdqu 0x10(%rax), %xmm2
  vmovdqu 0x20(%rax), %xmm3
  vmovdqu 0x30(%rax), %xmm4
  vmovdqu (%rip), %xmm5
  vpxor %xmm5, %xmm1, %xmm5
  vmovdqu (%rip), %xmm6
  vpcmpgtq %xmm6, %xmm5, %xmm5
  vmovdqu (%rip), %xmm6
  vpxor %xmm6, %xmm2, %xmm6
  vmovdqu (%rip), %xmm7
  vpcmpgtq %xmm7, %xmm6, %xmm6
  vmovdqu (%rip), %xmm7
  vpxor %xmm7, %xmm3, %xmm7
  vmovdqu (%rip), %xmm8
  vpcmpgtq %xmm8, %xmm7, %xmm7
  vmovdqu (%rip), %xmm8
  vpxor %xmm8, %xmm4, %xmm8
  vmovdqu (%rip), %xmm9
  vpcmpgtq %xmm9, %xmm8, %xmm8
  vpblendvb %xmm5, %xmm0, %xmm1, %xmm1
  vpblendvb %xmm6, %xmm0, %xmm2, %xmm2
  vpblendvb %xmm7, %xmm0, %xmm3, %xmm3
  vpblendvb %xmm8, %xmm0, %xmm4, %xmm4
  vmovdqu %xmm1, (%rcx)
  vmovdqu %xmm2, 0x10(%rcx)
  vmovdqu %xmm3, 0x20(%rcx)
  vmovdqu %xmm4, 0x30(%rcx)
  leaq 0x40(%rax), %rax
  leaq 0x40(%rcx), %rcx
  leaq -8(%rdx), %rdx
  cmpq $0x8, %rdx
  jnb 0 else out

0:
  vmovdqu (%rip), %xmm1
  vpxor %xmm1, %xmm0, %xmm1
  vmovdqu (%rip), %xmm2
  vpcmpgtq %xmm2, %xmm1, %xmm1
  vmovdqu (%rip), %xmm2
  vpxor %xmm2, %xmm0, %xmm2
  vmovdqu (%rip), %xmm3
  vpcmpgtq %xmm3, %xmm2, %xmm2
  vmovdqu (%rip), %xmm3
  vpxor %xmm3, %xmm0, %xmm3
  vmovdqu (%rip), %xmm4
  vpcmpgtq %xmm4, %xmm3, %xmm3
  vmovdqu (%rip), %xmm4
  vpxor %xmm4, %xmm0, %xmm4
  vmovdqu (%rip), %xmm5
  vpcmpgtq %xmm5, %xmm4, %xmm4
  vpblendvb %xmm1, (%rax), %xmm0, %xmm1
  vpblendvb %xmm2, 0x10(%rax), %xmm0, %xmm2
  vpblendvb %xmm3, 0x20(%rax), %xmm0, %xmm3
  vpblendvb %xmm4, 0x30(%rax), %xmm0, %xmm4
  vmovdqu %xmm1, (%rcx)
  vmovdqu %xmm2, 0x10(%rcx)
  vmovdqu %xmm3, 0x20(%rcx)
  vmovdqu %xmm4, 0x30(%rcx)
  leaq 0x40(%rax), %rax
  leaq 0x40(%rcx), %rcx
  leaq -8(%rdx), %rdx
  cmpq $0x8, %rdx
  jnb 0 else out

0:
  vmovdqu (%rdi), %xmm0
  vmovdqu 0x10(%rdi), %xmm1
  vmovdqu 0x20(%rdi), %xmm2
  vmovdqu 0x30(%rdi), %xmm3
  vmovdqu (%rip), %xmm4
  vpxor %xmm4, %xmm0, %xmm4
  vmovdqu (%rip), %xmm5
  vpcmpgtq %xmm5, %xmm4, %xmm4
  vmovdqu (%rip), %xmm5
  vpxor %xmm5, %xmm1, %xmm5
  vmovdqu (%rip), %xmm6
  vpcmpgtq %xmm6, %xmm5, %xmm5
  vmovdqu (%rip), %xmm6
  vpxor %xmm6, %xmm2, %xmm6
  vmovdqu (%rip), %xmm7
  vpcmpgtq %xmm7, %xmm6, %xmm6
  vmovdqu (%rip), %xmm7
  vpxor %xmm7, %xmm3, %xmm7
  vmovdqu (%rip), %xmm9
  vpcmpgtq %xmm9, %xmm7, %xmm7
  vpblendvb %xmm4, (%r8), %xmm0, %xmm0
  vpblendvb %xmm5, 0x10(%r8), %xmm1, %xmm1
  vpblendvb %xmm6, 0x20(%r8), %xmm2, %xmm2
  vpblendvb %xmm7, 0x30(%r8), %xmm3, %xmm3
  vmovdqu %xmm0, (%rax)
  vmovdqu %xmm1, 0x10(%rax)
  vmovdqu %xmm2, 0x20(%rax)
  vmovdqu %xmm3, 0x30(%rax)
  leaq (%rdi, %r9), %rdi
  leaq (%r8, %r10), %r8
  leaq 0x40(%rax), %rax
  leaq -8(%rcx), %rcx
  cmpq $0x8, %rcx
  jnb 0 else out
