0:
  vmovupd (%rax), %xmm0
  vmovupd 0x10(%rax), %xmm1
  vmovupd 0x20(%rax), %xmm2
  vmovupd 0x30(%rax), %xmm3
  vmovupd (%rip), %xmm4
  vandpd %xmm4, %xmm0, %xmm0
  vandpd %xmm4, %xmm1, %xmm1
  vandpd %xmm4, %xmm2, %xmm2
  vandpd %xmm4, %xmm3, %xmm3
  vsqrtpd %xmm0, %xmm0
  vsqrtpd %xmm1, %xmm1
  vsqrtpd %xmm2, %xmm2
  vsqrtpd %xmm3, %xmm3
  vmovupd %xmm0, (%r10)
  vmovupd %xmm1, 0x10(%r10)
  vmovupd %xmm2, 0x20(%r10)
  vmovupd %xmm3, 0x30(%r10)
  leaq (%rax, %rcx), %rax
  leaq 0x40(%r10), %r10
  leaq -8(%rdx), %rdx
  cmpq $0x8, %rdx
  jnb 0 else out
