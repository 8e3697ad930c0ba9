0:
  vmovupd (%rdi), %xmm0
  vmovupd 0x10(%rdi), %xmm1
  vmovupd 0x20(%rdi), %xmm2
  vmovupd 0x30(%rdi), %xmm3
  vaddpd (%r8), %xmm0, %xmm0
  vaddpd 0x10(%r8), %xmm1, %xmm1
  vaddpd 0x20(%r8), %xmm2, %xmm2
  vaddpd 0x30(%r8), %xmm3, %xmm3
  vmovupd %xmm0, (%rax)
  vmovupd %xmm1, 0x10(%rax)
  vmovupd %xmm2, 0x20(%rax)
  vmovupd %xmm3, 0x30(%rax)
  leaq (%rdi, %rcx), %rdi
  leaq (%r8, %rdx), %r8
  leaq 0x40(%rax), %rax
  leaq -8(%r9), %r9
  cmpq $0x8, %r9
  jnb 0 else out
