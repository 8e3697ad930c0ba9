0:
  vaddps (%rax), %xmm0, %xmm1
  vaddps 0x10(%rax), %xmm0, %xmm2
  vaddps 0x20(%rax), %xmm0, %xmm3
  vaddps 0x30(%rax), %xmm0, %xmm4
  vmovups %xmm1, (%rcx)
  vmovups %xmm2, 0x10(%rcx)
  vmovups %xmm3, 0x20(%rcx)
  vmovups %xmm4, 0x30(%rcx)
  leaq 0x40(%rax), %rax
  leaq 0x40(%rcx), %rcx
  leaq -0x10(%rdx), %rdx
  cmpq $0x10, %rdx
  jnb 0 else out

0:
  vaddps (%rax), %xmm0, %xmm1
  vaddps 0x10(%rax), %xmm0, %xmm2
  vaddps 0x20(%rax), %xmm0, %xmm3
  vaddps 0x30(%rax), %xmm0, %xmm4
  vmovups %xmm1, (%rcx)
  vmovups %xmm2, 0x10(%rcx)
  vmovups %xmm3, 0x20(%rcx)
  vmovups %xmm4, 0x30(%rcx)
  leaq 0x40(%rax), %rax
  leaq 0x40(%rcx), %rcx
  leaq -0x10(%rdi), %rdi
  cmpq $0x10, %rdi
  jnb 0 else out

0:
  vmovups (%r8), %xmm0
  vmovups 0x10(%r8), %xmm1
  vmovups 0x20(%r8), %xmm2
  vmovups 0x30(%r8), %xmm3
  vaddps (%rdi), %xmm0, %xmm0
  vaddps 0x10(%rdi), %xmm1, %xmm1
  vaddps 0x20(%rdi), %xmm2, %xmm2
  vaddps 0x30(%rdi), %xmm3, %xmm3
  vmovups %xmm0, (%rax)
  vmovups %xmm1, 0x10(%rax)
  vmovups %xmm2, 0x20(%rax)
  vmovups %xmm3, 0x30(%rax)
  leaq (%r8, %rcx), %r8
  leaq (%rdi, %rdx), %rdi
  leaq 0x40(%rax), %rax
  leaq -0x10(%r9), %r9
  cmpq $0x10, %r9
  jnb 0 else out
