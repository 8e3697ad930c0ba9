0:
  vmovupd (%rax), %xmm2
  vmovupd 0x10(%rax), %xmm3
  vmovupd 0x20(%rax), %xmm4
  vmovupd 0x30(%rax), %xmm5
  vmovupd (%rip), %xmm6
  vandpd %xmm6, %xmm2, %xmm2
  vandpd %xmm6, %xmm3, %xmm3
  vandpd %xmm6, %xmm4, %xmm4
  vandpd %xmm6, %xmm5, %xmm5
  vmovupd (%rip), %xmm6
  vxorpd %xmm6, %xmm2, %xmm2
  vxorpd %xmm6, %xmm3, %xmm3
  vxorpd %xmm6, %xmm4, %xmm4
  vxorpd %xmm6, %xmm5, %xmm5
  vroundpd $0x1, %xmm2, %xmm2
  vroundpd $0x1, %xmm3, %xmm3
  vroundpd $0x1, %xmm4, %xmm4
  vroundpd $0x1, %xmm5, %xmm5
  vmovupd %xmm2, (%r10)
  vmovupd %xmm3, 0x10(%r10)
  vmovupd %xmm4, 0x20(%r10)
  vmovupd %xmm5, 0x30(%r10)
  leaq (%rax, %rcx), %rax
  leaq 0x40(%r10), %r10
  leaq -8(%rdx), %rdx
  cmpq $0x8, %rdx
  jnb 0 else out
