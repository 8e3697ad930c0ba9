0:
  vmovdqu (%rdi), %xmm0
  vmovdqu 0x10(%rdi), %xmm1
  vmovdqu 0x20(%rdi), %xmm2
  vmovdqu 0x30(%rdi), %xmm3
  vpaddd (%r9), %xmm0, %xmm0
  vpaddd 0x10(%r9), %xmm1, %xmm1
  vpaddd 0x20(%r9), %xmm2, %xmm2
  vpaddd 0x30(%r9), %xmm3, %xmm3
  vpaddd (%r8), %xmm0, %xmm0
  vpaddd 0x10(%r8), %xmm1, %xmm1
  vpaddd 0x20(%r8), %xmm2, %xmm2
  vpaddd 0x30(%r8), %xmm3, %xmm3
  vmovdqu %xmm0, (%rax)
  vmovdqu %xmm1, 0x10(%rax)
  vmovdqu %xmm2, 0x20(%rax)
  vmovdqu %xmm3, 0x30(%rax)
  leaq (%rdi, %rcx), %rdi
  leaq (%r9, %r10), %r9
  leaq (%r8, %rdx), %r8
  leaq 0x40(%rax), %rax
  leaq -0x10(%r11), %r11
  cmpq $0x10, %r11
  jnb 0 else out
