0:
  vmovups (%rip), %xmm0
  vmulps (%rax), %xmm0, %xmm1
  vmulps 0x10(%rax), %xmm0, %xmm3
  vmulps 0x20(%rax), %xmm0, %xmm2
  vmulps 0x30(%rax), %xmm0, %xmm0
  vcmpeqps %xmm1, %xmm1, %xmm4
  vandps %xmm4, %xmm1, %xmm1
  vpxor %xmm1, %xmm4, %xmm4
  vcvttps2dq %xmm1, %xmm1
  vpand %xmm4, %xmm1, %xmm4
  vpsrad $0x1f, %xmm4, %xmm4
  vpxor %xmm1, %xmm4, %xmm1
  vcmpeqps %xmm3, %xmm3, %xmm4
  vandps %xmm4, %xmm3, %xmm3
  vpxor %xmm3, %xmm4, %xmm4
  vcvttps2dq %xmm3, %xmm3
  vpand %xmm4, %xmm3, %xmm4
  vpsrad $0x1f, %xmm4, %xmm4
  vpxor %xmm3, %xmm4, %xmm3
  vcmpeqps %xmm2, %xmm2, %xmm4
  vandps %xmm4, %xmm2, %xmm2
  vpxor %xmm2, %xmm4, %xmm4
  vcvttps2dq %xmm2, %xmm2
  vpand %xmm4, %xmm2, %xmm4
  vpsrad $0x1f, %xmm4, %xmm4
  vpxor %xmm2, %xmm4, %xmm2
  vcmpeqps %xmm0, %xmm0, %xmm4
  vandps %xmm4, %xmm0, %xmm0
  vpxor %xmm0, %xmm4, %xmm4
  vcvttps2dq %xmm0, %xmm0
  vpand %xmm4, %xmm0, %xmm4
  vpsrad $0x1f, %xmm4, %xmm4
  vpxor %xmm0, %xmm4, %xmm0
  vmovdqu %xmm1, (%r10)
  vmovdqu %xmm3, 0x10(%r10)
  vmovdqu %xmm2, 0x20(%r10)
  vmovdqu %xmm0, 0x30(%r10)
  leaq (%rax, %rcx), %rax
  leaq 0x40(%r10), %r10
  leaq -0x10(%rdx), %rdx
  cmpq $0x10, %rdx
  jnb 0 else out
