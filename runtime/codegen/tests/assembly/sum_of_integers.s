0:
  vmovdqu (%rax), %xmm4
  vmovdqu 0x10(%rax), %xmm5
  vmovdqu 0x20(%rax), %xmm6
  vmovdqu 0x30(%rax), %xmm7
  vpaddd %xmm4, %xmm1, %xmm1
  vpaddd %xmm5, %xmm3, %xmm3
  vpaddd %xmm6, %xmm2, %xmm2
  vpaddd %xmm7, %xmm0, %xmm0
  leaq (%rax, %rdi), %rax
  leaq -0x10(%rdx), %rdx
  cmpq $0x10, %rdx
  jnb 0 else out
