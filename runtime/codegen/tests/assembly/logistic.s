0:
  leaq slot(%rsp), %rcx
  vmovupd (%r14, %rax, 8), %xmm0
  vmovupd 0x10(%r14, %rax, 8), %xmm1
  vmovupd 0x20(%r14, %rax, 8), %xmm2
  vmovupd 0x30(%r14, %rax, 8), %xmm3
  vmovupd (%rip), %xmm4
  vxorpd %xmm4, %xmm0, %xmm0
  vxorpd %xmm4, %xmm1, %xmm1
  vxorpd %xmm4, %xmm2, %xmm2
  vxorpd %xmm4, %xmm3, %xmm3
  vmovupd %xmm0, (%rcx, %rax, 8)
  vmovupd %xmm1, 0x10(%rcx, %rax, 8)
  vmovupd %xmm2, 0x20(%rcx, %rax, 8)
  vmovupd %xmm3, 0x30(%rcx, %rax, 8)
  leaq 8(%rax), %rax
  cmpq %r12, %rax
  jb 0 else out

0:
  leaq slot(%rsp), %rcx
  vmovupd (%rip), %xmm0
  vaddpd (%rcx, %rax, 8), %xmm0, %xmm1
  vaddpd 0x10(%rcx, %rax, 8), %xmm0, %xmm2
  vaddpd 0x20(%rcx, %rax, 8), %xmm0, %xmm3
  vaddpd 0x30(%rcx, %rax, 8), %xmm0, %xmm4
  vdivpd %xmm1, %xmm0, %xmm1
  vdivpd %xmm2, %xmm0, %xmm2
  vdivpd %xmm3, %xmm0, %xmm3
  vdivpd %xmm4, %xmm0, %xmm0
  vmovupd %xmm1, (%rbx, %rax, 8)
  vmovupd %xmm2, 0x10(%rbx, %rax, 8)
  vmovupd %xmm3, 0x20(%rbx, %rax, 8)
  vmovupd %xmm0, 0x30(%rbx, %rax, 8)
  leaq 8(%rax), %rax
  cmpq %r12, %rax
  jb 0 else out
