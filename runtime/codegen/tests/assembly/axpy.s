0:
  vmulpd (%rax), %xmm0, %xmm2
  vmulpd 0x10(%rax), %xmm0, %xmm3
  vmulpd 0x20(%rax), %xmm0, %xmm4
  vmulpd 0x30(%rax), %xmm0, %xmm5
  vaddpd %xmm1, %xmm2, %xmm2
  vaddpd %xmm1, %xmm3, %xmm3
  vaddpd %xmm1, %xmm4, %xmm4
  vaddpd %xmm1, %xmm5, %xmm5
  vmovupd %xmm2, (%rcx)
  vmovupd %xmm3, 0x10(%rcx)
  vmovupd %xmm4, 0x20(%rcx)
  vmovupd %xmm5, 0x30(%rcx)
  leaq 0x40(%rax), %rax
  leaq 0x40(%rcx), %rcx
  leaq -8(%rdx), %rdx
  cmpq $0x8, %rdx
  jnb 0 else out

0:
  vmulpd (%rax), %xmm0, %xmm1
  vmulpd 0x10(%rax), %xmm0, %xmm2
  vmulpd 0x20(%rax), %xmm0, %xmm3
  vmulpd 0x30(%rax), %xmm0, %xmm4
  vaddpd (%rcx), %xmm1, %xmm1
  vaddpd 0x10(%rcx), %xmm2, %xmm2
  vaddpd 0x20(%rcx), %xmm3, %xmm3
  vaddpd 0x30(%rcx), %xmm4, %xmm4
  vmovupd %xmm1, (%rdx)
  vmovupd %xmm2, 0x10(%rdx)
  vmovupd %xmm3, 0x20(%rdx)
  vmovupd %xmm4, 0x30(%rdx)
  leaq 0x40(%rax), %rax
  leaq 0x40(%rcx), %rcx
  leaq 0x40(%rdx), %rdx
  leaq -8(%rdi), %rdi
  cmpq $0x8, %rdi
  jnb 0 else out

0:
  vmovupd (%r9), %xmm0
  vmovupd 0x10(%r9), %xmm1
  vmovupd 0x20(%r9), %xmm2
  vmovupd 0x30(%r9), %xmm3
  vmulpd (%r11), %xmm0, %xmm0
  vmulpd 0x10(%r11), %xmm1, %xmm1
  vmulpd 0x20(%r11), %xmm2, %xmm2
  vmulpd 0x30(%r11), %xmm3, %xmm3
  vaddpd (%rdi), %xmm0, %xmm0
  vaddpd 0x10(%rdi), %xmm1, %xmm1
  vaddpd 0x20(%rdi), %xmm2, %xmm2
  vaddpd 0x30(%rdi), %xmm3, %xmm3
  vmovupd %xmm0, (%rax)
  vmovupd %xmm1, 0x10(%rax)
  vmovupd %xmm2, 0x20(%rax)
  vmovupd %xmm3, 0x30(%rax)
  leaq (%r9, %rcx), %r9
  leaq (%r11, %r8), %r11
  leaq (%rdi, %rdx), %rdi
  leaq 0x40(%rax), %rax
  leaq -8(%r10), %r10
  cmpq $0x8, %r10
  jnb 0 else out
