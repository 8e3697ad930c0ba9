0:
  vmovdqu (%rax), %xmm2
  vmovdqu 0x10(%rax), %xmm3
  vmovdqu 0x20(%rax), %xmm4
  vmovdqu 0x30(%rax), %xmm5
  vpaddd %xmm0, %xmm2, %xmm2
  vpaddd %xmm0, %xmm3, %xmm3
  vpaddd %xmm0, %xmm4, %xmm4
  vpaddd %xmm0, %xmm5, %xmm5
  vpaddd %xmm1, %xmm2, %xmm2
  vpaddd %xmm1, %xmm3, %xmm3
  vpaddd %xmm1, %xmm4, %xmm4
  vpaddd %xmm1, %xmm5, %xmm5
  vmovdqu %xmm2, (%rcx)
  vmovdqu %xmm3, 0x10(%rcx)
  vmovdqu %xmm4, 0x20(%rcx)
  vmovdqu %xmm5, 0x30(%rcx)
  leaq 0x40(%rax), %rax
  leaq 0x40(%rcx), %rcx
  leaq -0x10(%rdx), %rdx
  cmpq $0x10, %rdx
  jnb 0 else out

0:
  vpaddd (%rax), %xmm0, %xmm1
  vpaddd 0x10(%rax), %xmm0, %xmm2
  vpaddd 0x20(%rax), %xmm0, %xmm3
  vpaddd 0x30(%rax), %xmm0, %xmm4
  vpaddd (%rcx), %xmm1, %xmm1
  vpaddd 0x10(%rcx), %xmm2, %xmm2
  vpaddd 0x20(%rcx), %xmm3, %xmm3
  vpaddd 0x30(%rcx), %xmm4, %xmm4
  vmovdqu %xmm1, (%rdx)
  vmovdqu %xmm2, 0x10(%rdx)
  vmovdqu %xmm3, 0x20(%rdx)
  vmovdqu %xmm4, 0x30(%rdx)
  leaq 0x40(%rax), %rax
  leaq 0x40(%rcx), %rcx
  leaq 0x40(%rdx), %rdx
  leaq -0x10(%rdi), %rdi
  cmpq $0x10, %rdi
  jnb 0 else out

0:
  vmovdqu (%r9), %xmm6
  vmovdqu 0x10(%r9), %xmm7
  vmovdqu 0x20(%r9), %xmm0
  vmovdqu 0x30(%r9), %xmm1
  vpaddd (%r8), %xmm6, %xmm6
  vpaddd 0x10(%r8), %xmm7, %xmm7
  vpaddd 0x20(%r8), %xmm0, %xmm0
  vpaddd 0x30(%r8), %xmm1, %xmm1
  vpaddd (%rdi), %xmm6, %xmm6
  vpaddd 0x10(%rdi), %xmm7, %xmm7
  vpaddd 0x20(%rdi), %xmm0, %xmm0
  vpaddd 0x30(%rdi), %xmm1, %xmm1
  vmovdqu %xmm6, (%rax)
  vmovdqu %xmm7, 0x10(%rax)
  vmovdqu %xmm0, 0x20(%rax)
  vmovdqu %xmm1, 0x30(%rax)
  leaq (%r9, %r10), %r9
  leaq (%r8, %r11), %r8
  leaq (%rdi, %rcx), %rdi
  leaq 0x40(%rax), %rax
  leaq -0x10(%rdx), %rdx
  cmpq $0x10, %rdx
  jnb 0 else out
