0:
  vmovdqu (%rcx), %xmm0
  vmovdqu 0x10(%rcx), %xmm1
  vmovdqu 0x20(%rcx), %xmm2
  vmovdqu 0x30(%rcx), %xmm3
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
  vmovdqu (%rip), %xmm8
  vpcmpgtq %xmm8, %xmm7, %xmm7
  vpblendvb %xmm4, (%rdi), %xmm0, %xmm0
  vpblendvb %xmm5, 0x10(%rdi), %xmm1, %xmm1
  vpblendvb %xmm6, 0x20(%rdi), %xmm2, %xmm2
  vpblendvb %xmm7, 0x30(%rdi), %xmm3, %xmm3
  vmovdqu %xmm0, (%rax)
  vmovdqu %xmm1, 0x10(%rax)
  vmovdqu %xmm2, 0x20(%rax)
  vmovdqu %xmm3, 0x30(%rax)
  leaq (%rcx, %r8), %rcx
  leaq (%rdi, %rdx), %rdi
  leaq 0x40(%rax), %rax
  leaq -8(%r9), %r9
  cmpq $0x8, %r9
  jnb 0 else out
