0:
  vmovsd (%r9, %r12), %xmm4
  vpshufd $0x44, %xmm4, %xmm4
  leaq (%r10, %r12), %r14
  movq 0x20(%rdx), %r13
  vmovsd (%r10, %r12), %xmm5
  vpshufd $0x44, %xmm5, %xmm5
  leaq (%r14, %r13), %r15
  vmovsd (%r14, %r13), %xmm6
  vmovlhps %xmm6, %xmm5, %xmm5
  leaq (%r15, %r13), %r14
  vmovsd (%r15, %r13), %xmm6
  vpshufd $0x44, %xmm6, %xmm6
  leaq (%r14, %r13), %r15
  vmovsd (%r14, %r13), %xmm7
  vmovlhps %xmm7, %xmm6, %xmm6
  leaq (%r15, %r13), %r14
  vmovsd (%r15, %r13), %xmm7
  vpshufd $0x44, %xmm7, %xmm7
  leaq (%r14, %r13), %r15
  vmovsd (%r14, %r13), %xmm8
  vmovlhps %xmm8, %xmm7, %xmm7
  leaq (%r15, %r13), %r14
  vmovsd (%r15, %r13), %xmm8
  vpshufd $0x44, %xmm8, %xmm8
  vmovsd (%r14, %r13), %xmm9
  vmovlhps %xmm9, %xmm8, %xmm8
  vsubpd %xmm5, %xmm4, %xmm5
  vsubpd %xmm6, %xmm4, %xmm6
  vsubpd %xmm7, %xmm4, %xmm7
  vsubpd %xmm8, %xmm4, %xmm4
  vmulpd %xmm5, %xmm5, %xmm5
  vmulpd %xmm6, %xmm6, %xmm6
  vmulpd %xmm7, %xmm7, %xmm7
  vmulpd %xmm4, %xmm4, %xmm4
  vaddpd %xmm5, %xmm0, %xmm0
  vaddpd %xmm6, %xmm3, %xmm3
  vaddpd %xmm7, %xmm2, %xmm2
  vaddpd %xmm4, %xmm1, %xmm1
  leaq 1(%r11), %r11
  leaq (%r12, %rbx), %r12
  cmpq %rcx, %r11
  jb 0 else out
