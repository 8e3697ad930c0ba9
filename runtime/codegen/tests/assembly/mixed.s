0:
  vmovups (%rcx), %xmm2
  vmovups 0x10(%rcx), %xmm1
  vcvtps2pd %xmm2, %xmm0
  vpshufd $0xee, %xmm2, %xmm2
  vcvtps2pd %xmm2, %xmm2
  vcvtps2pd %xmm1, %xmm3
  vpshufd $0xee, %xmm1, %xmm1
  vcvtps2pd %xmm1, %xmm1
  vmulpd (%r8), %xmm0, %xmm0
  vmulpd 0x10(%r8), %xmm2, %xmm2
  vmulpd 0x20(%r8), %xmm3, %xmm3
  vmulpd 0x30(%r8), %xmm1, %xmm1
  vmovupd %xmm0, (%rax)
  vmovupd %xmm2, 0x10(%rax)
  vmovupd %xmm3, 0x20(%rax)
  vmovupd %xmm1, 0x30(%rax)
  leaq (%rcx, %rdi), %rcx
  leaq (%r8, %rdx), %r8
  leaq 0x40(%rax), %rax
  leaq -8(%r9), %r9
  cmpq $0x8, %r9
  jnb 0 else out
