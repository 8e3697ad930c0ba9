0:
  vmovups (%rdi), %xmm0
  vmovups 0x10(%rdi), %xmm1
  vmovups 0x20(%rdi), %xmm2
  vmovups 0x30(%rdi), %xmm3
  vaddps (%r8), %xmm0, %xmm0
  vaddps 0x10(%r8), %xmm1, %xmm1
  vaddps 0x20(%r8), %xmm2, %xmm2
  vaddps 0x30(%r8), %xmm3, %xmm3
  vmovups %xmm0, (%rax)
  vmovups %xmm1, 0x10(%rax)
  vmovups %xmm2, 0x20(%rax)
  vmovups %xmm3, 0x30(%rax)
  leaq (%rdi, %rcx), %rdi
  leaq (%r8, %rdx), %r8
  leaq 0x40(%rax), %rax
  leaq -0x10(%r9), %r9
  cmpq $0x10, %r9
  jnb 0 else out
