0:
  vaddpd (%rax), %xmm0, %xmm1
  vaddpd 0x10(%rax), %xmm0, %xmm2
  vaddpd 0x20(%rax), %xmm0, %xmm3
  vaddpd 0x30(%rax), %xmm0, %xmm4
  vmovupd %xmm1, (%rcx)
  vmovupd %xmm2, 0x10(%rcx)
  vmovupd %xmm3, 0x20(%rcx)
  vmovupd %xmm4, 0x30(%rcx)
  leaq 0x40(%rax), %rax
  leaq 0x40(%rcx), %rcx
  leaq -8(%rdx), %rdx
  cmpq $0x8, %rdx
  jnb 0 else out

0:
  vaddpd (%rax), %xmm0, %xmm1
  vaddpd 0x10(%rax), %xmm0, %xmm2
  vaddpd 0x20(%rax), %xmm0, %xmm3
  vaddpd 0x30(%rax), %xmm0, %xmm4
  vmovupd %xmm1, (%rcx)
  vmovupd %xmm2, 0x10(%rcx)
  vmovupd %xmm3, 0x20(%rcx)
  vmovupd %xmm4, 0x30(%rcx)
  leaq 0x40(%rax), %rax
  leaq 0x40(%rcx), %rcx
  leaq -8(%rdi), %rdi
  cmpq $0x8, %rdi
  jnb 0 else out

0:
  vmovupd (%r8), %xmm0
  vmovupd 0x10(%r8), %xmm1
  vmovupd 0x20(%r8), %xmm2
  vmovupd 0x30(%r8), %xmm3
  vaddpd (%rdi), %xmm0, %xmm0
  vaddpd 0x10(%rdi), %xmm1, %xmm1
  vaddpd 0x20(%rdi), %xmm2, %xmm2
  vaddpd 0x30(%rdi), %xmm3, %xmm3
  vmovupd %xmm0, (%rax)
  vmovupd %xmm1, 0x10(%rax)
  vmovupd %xmm2, 0x20(%rax)
  vmovupd %xmm3, 0x30(%rax)
  leaq (%r8, %rcx), %r8
  leaq (%rdi, %rdx), %rdi
  leaq 0x40(%rax), %rax
  leaq -8(%r9), %r9
  cmpq $0x8, %r9
  jnb 0 else out
