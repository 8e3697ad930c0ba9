0:
  vmovupd (%rax), %xmm5
  vmovupd 0x10(%rax), %xmm6
  vmovupd (%rip), %xmm0
  vcmpltpd %xmm0, %xmm5, %xmm7
  vcmpltpd %xmm0, %xmm6, %xmm0
  vxorpd %xmm4, %xmm4, %xmm2
  vcmpltpd %xmm2, %xmm5, %xmm1
  vcmpltpd %xmm2, %xmm6, %xmm2
  vmovupd (%rip), %xmm4
  vcmpltpd %xmm4, %xmm5, %xmm3
  vcmpltpd %xmm4, %xmm6, %xmm4
  vmovupd (%rip), %xmm9
  vmulpd %xmm5, %xmm9, %xmm8
  vmulpd %xmm6, %xmm9, %xmm9
  vmovupd (%rip), %xmm10
  vpblendvb %xmm3, %xmm8, %xmm10, %xmm3
  vpblendvb %xmm4, %xmm9, %xmm10, %xmm4
  vpblendvb %xmm1, %xmm5, %xmm3, %xmm5
  vpblendvb %xmm2, %xmm6, %xmm4, %xmm6
  vmovupd (%rip), %xmm1
  vpblendvb %xmm7, %xmm1, %xmm5, %xmm5
  vpblendvb %xmm0, %xmm1, %xmm6, %xmm6
  vmovupd %xmm5, (%r10)
  vmovupd %xmm6, 0x10(%r10)
  leaq (%rax, %rdi), %rax
  leaq 0x20(%r10), %r10
  leaq -4(%rcx), %rcx
  cmpq $0x4, %rcx
  jnb 0 else out
