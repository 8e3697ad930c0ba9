0:
  vmovsd (%r9, %r14), %xmm4
  vpshufd $0x44, %xmm4, %xmm4
  vmovupd (%r10, %r13), %xmm5
  vmovupd 0x10(%r10, %r13), %xmm6
  vmovupd 0x20(%r10, %r13), %xmm7
  vmovupd 0x30(%r10, %r13), %xmm8
  vmulpd %xmm5, %xmm4, %xmm5
  vmulpd %xmm6, %xmm4, %xmm6
  vmulpd %xmm7, %xmm4, %xmm7
  vmulpd %xmm8, %xmm4, %xmm4
  vaddpd %xmm5, %xmm0, %xmm0
  vaddpd %xmm6, %xmm3, %xmm3
  vaddpd %xmm7, %xmm2, %xmm2
  vaddpd %xmm4, %xmm1, %xmm1
  leaq 1(%r11), %r11
  leaq (%r14, %rbx), %r14
  leaq (%r13, %r12), %r13
  cmpq %rcx, %r11
  jb 0 else out
