0:
  vmovupd (%rcx), %xmm5
  vmovupd 0x10(%rcx), %xmm6
  vmovupd 0x20(%rcx), %xmm7
  vmovupd 0x30(%rcx), %xmm0
  vaddpd (%r8), %xmm5, %xmm5
  vaddpd 0x10(%r8), %xmm6, %xmm6
  vaddpd 0x20(%r8), %xmm7, %xmm7
  vaddpd 0x30(%r8), %xmm0, %xmm0
  vaddpd (%r10), %xmm5, %xmm5
  vaddpd 0x10(%r10), %xmm6, %xmm6
  vaddpd 0x20(%r10), %xmm7, %xmm7
  vaddpd 0x30(%r10), %xmm0, %xmm0
  vaddpd (%r9), %xmm5, %xmm5
  vaddpd 0x10(%r9), %xmm6, %xmm6
  vaddpd 0x20(%r9), %xmm7, %xmm7
  vaddpd 0x30(%r9), %xmm0, %xmm0
  vmovupd (%rip), %xmm1
  vmulpd %xmm5, %xmm1, %xmm5
  vmulpd %xmm6, %xmm1, %xmm6
  vmulpd %xmm7, %xmm1, %xmm7
  vmulpd %xmm0, %xmm1, %xmm0
  vmovupd %xmm5, (%rax)
  vmovupd %xmm6, 0x10(%rax)
  vmovupd %xmm7, 0x20(%rax)
  vmovupd %xmm0, 0x30(%rax)
  leaq (%rcx, %rdi), %rcx
  leaq (%r8, %r11), %r8
  leaq (%r10, %r12), %r10
  leaq (%r9, %rdx), %r9
  leaq 0x40(%rax), %rax
  leaq -8(%rbx), %rbx
  cmpq $0x8, %rbx
  jnb 0 else out
