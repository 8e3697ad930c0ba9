0:
  vmulpd (%rax), %xmm0, %xmm1
  vmulpd 0x10(%rax), %xmm0, %xmm2
  vmulpd 0x20(%rax), %xmm0, %xmm3
  vmulpd 0x30(%rax), %xmm0, %xmm4
  vmovupd %xmm1, (%r10)
  vmovupd %xmm2, 0x10(%r10)
  vmovupd %xmm3, 0x20(%r10)
  vmovupd %xmm4, 0x30(%r10)
  leaq (%rax, %rcx), %rax
  leaq 0x40(%r10), %r10
  leaq -8(%rdx), %rdx
  cmpq $0x8, %rdx
  jnb 0 else out
