0:
  vmovups (%rax), %xmm4
  vmovups 0x10(%rax), %xmm3
  vcvtps2pd %xmm4, %xmm2
  vpshufd $0xee, %xmm4, %xmm4
  vcvtps2pd %xmm4, %xmm4
  vcvtps2pd %xmm3, %xmm5
  vpshufd $0xee, %xmm3, %xmm3
  vcvtps2pd %xmm3, %xmm3
  vmulpd %xmm1, %xmm2, %xmm2
  vmulpd %xmm1, %xmm4, %xmm4
  vmulpd %xmm1, %xmm5, %xmm5
  vmulpd %xmm1, %xmm3, %xmm3
  vmovupd %xmm2, (%rcx)
  vmovupd %xmm4, 0x10(%rcx)
  vmovupd %xmm5, 0x20(%rcx)
  vmovupd %xmm3, 0x30(%rcx)
  leaq (%rax, %rdx), %rax
  leaq 0x40(%rcx), %rcx
  leaq -8(%rdi), %rdi
  cmpq $0x8, %rdi
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
  vmovupd %xmm1, (%r10)
  vmovupd %xmm2, 0x10(%r10)
  vmovupd %xmm3, 0x20(%r10)
  vmovupd %xmm4, 0x30(%r10)
  leaq (%r8, %rax), %r8
  leaq 0x40(%r10), %r10
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
