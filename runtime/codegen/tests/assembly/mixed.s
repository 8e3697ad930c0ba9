0:
  vmovups (%rax), %xmm3
  vmovups 0x10(%rax), %xmm2
  vcvtps2pd %xmm3, %xmm1
  vpshufd $0xee, %xmm3, %xmm3
  vcvtps2pd %xmm3, %xmm3
  vcvtps2pd %xmm2, %xmm4
  vpshufd $0xee, %xmm2, %xmm2
  vcvtps2pd %xmm2, %xmm2
  vmulpd %xmm0, %xmm1, %xmm1
  vmulpd %xmm0, %xmm3, %xmm3
  vmulpd %xmm0, %xmm4, %xmm4
  vmulpd %xmm0, %xmm2, %xmm2
  vmovupd %xmm1, (%rcx)
  vmovupd %xmm3, 0x10(%rcx)
  vmovupd %xmm4, 0x20(%rcx)
  vmovupd %xmm2, 0x30(%rcx)
  leaq 0x20(%rax), %rax
  leaq 0x40(%rcx), %rcx
  leaq -8(%rdx), %rdx
  cmpq $0x8, %rdx
  jnb 0 else out

0:
  vcvtps2pd %xmm0, %xmm1
  vpshufd $0xee, %xmm0, %xmm2
  vcvtps2pd %xmm2, %xmm2
  vcvtps2pd %xmm0, %xmm3
  vpshufd $0xee, %xmm0, %xmm4
  vcvtps2pd %xmm4, %xmm4
  vmulpd (%r8), %xmm1, %xmm1
  vmulpd 0x10(%r8), %xmm2, %xmm2
  vmulpd 0x20(%r8), %xmm3, %xmm3
  vmulpd 0x30(%r8), %xmm4, %xmm4
  vmovupd %xmm1, (%r9)
  vmovupd %xmm2, 0x10(%r9)
  vmovupd %xmm3, 0x20(%r9)
  vmovupd %xmm4, 0x30(%r9)
  leaq 0x40(%r8), %r8
  leaq 0x40(%r9), %r9
  leaq -8(%rcx), %rcx
  cmpq $0x8, %rcx
  jnb 0 else out

0:
  vmovups (%r8), %xmm2
  vmovups 0x10(%r8), %xmm1
  vcvtps2pd %xmm2, %xmm0
  vpshufd $0xee, %xmm2, %xmm2
  vcvtps2pd %xmm2, %xmm2
  vcvtps2pd %xmm1, %xmm3
  vpshufd $0xee, %xmm1, %xmm1
  vcvtps2pd %xmm1, %xmm1
  vmulpd (%rdi), %xmm0, %xmm0
  vmulpd 0x10(%rdi), %xmm2, %xmm2
  vmulpd 0x20(%rdi), %xmm3, %xmm3
  vmulpd 0x30(%rdi), %xmm1, %xmm1
  vmovupd %xmm0, (%rax)
  vmovupd %xmm2, 0x10(%rax)
  vmovupd %xmm3, 0x20(%rax)
  vmovupd %xmm1, 0x30(%rax)
  leaq (%r8, %rcx), %r8
  leaq (%rdi, %rdx), %rdi
  leaq 0x40(%rax), %rax
  leaq -8(%r9), %r9
  cmpq $0x8, %r9
  jnb 0 else out
