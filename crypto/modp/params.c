/* The two groups of integers (protocol.md §1), compiled in: no other modulus is ever used (A6). The
   limbs are those of the decimal numbers of tests/vectors/groups.json; a test compares them. */
#include "crypto/modp/modp.h"

static const uint64_t BELENIOS_Q[4] = {0xe20263387d55c491U, 0xf0fa90c2168bc709U,
                                       0xf4daa0f2579db7f2U, 0xadb6066a73522565U};

static const nep_modp BELENIOS = {
    .p = {0xd9cec4157646e64fU, 0x1e59e0e6351e051eU, 0xb44f6cef17d70730U, 0x878affa2375e2999U,
          0x6a4ccfa04ee4008fU, 0x555bc810941e021bU, 0xcb5de0acf66a3882U, 0x0e7992d0f18cc759U,
          0x82d8c31911acdd4aU, 0xe3fada9e010840d0U, 0x9aa8599411d998d3U, 0x7f18fb1a8bc85827U,
          0xbbb29c9ec3099b60U, 0x6b006517d6f6747eU, 0xd7229abe93a188b4U, 0xa3e14dfa9b2162f4U,
          0x6b4fe17d8d47e843U, 0x7ebc15a349fa318aU, 0x0a4091d8fa447f6cU, 0x07435012768a2cddU,
          0x27a5022ddd8912d1U, 0x3fb8c3aabfff12ceU, 0x30c6e82ac36de1aeU, 0x07dd973f9c53e509U,
          0xa2f85e0fb11c0edeU, 0x06e092a495af8d79U, 0x421f514ed40bfd4cU, 0x1e6d36856b428030U,
          0x2791811d21fc35f2U, 0xb7dc7ef3a791b686U, 0xe39e568fccdffb0fU, 0xa3ef2d011fefb1b6U},
    .g = {0xcf284308f1d7e653U, 0x41e1c91fe3823f4bU, 0x743d663f42d853c0U, 0x47aa680d43771902U,
          0xac638f5f34100d2dU, 0xb7aeff04867d8724U, 0x3ac8b72fd04e0991U, 0x22127b6cbba44d45U,
          0x3731ae4268d60d7fU, 0xc4ff49b1964c4a91U, 0xd2dde0ce514e0927U, 0x60a7ea574a61f552U,
          0xf74b7a1615a274baU, 0x1b9e519edcee8bb0U, 0x65f397c6b870df8cU, 0x6aef1be365fdd901U,
          0xdf9c2458570b06d2U, 0x88fdb1a3381a697fU, 0x8fe5fb9cf9fdb8eaU, 0x643e673fd9d215fcU,
          0xfd4f10d5b1a356a8U, 0xd4bc04e29f3748aeU, 0x301b894236823fe1U, 0x541e5219e0d0d094U,
          0x8262ee68a0e92ceaU, 0xd9d8976f01d95a1cU, 0x5a9dfd001d26ba31U, 0x988b98c259597f9cU,
          0xe781878a52230a51U, 0x31fd1c5807b61fb1U, 0xd7caa3a78a42415eU, 0x1307c1ab5f295885U},
    .one_mont = {0x26313bea89b919b1U, 0xe1a61f19cae1fae1U, 0x4bb09310e828f8cfU,
                 0x7875005dc8a1d666U, 0x95b3305fb11bff70U, 0xaaa437ef6be1fde4U,
                 0x34a21f530995c77dU, 0xf1866d2f0e7338a6U, 0x7d273ce6ee5322b5U,
                 0x1c052561fef7bf2fU, 0x6557a66bee26672cU, 0x80e704e57437a7d8U,
                 0x444d63613cf6649fU, 0x94ff9ae829098b81U, 0x28dd65416c5e774bU,
                 0x5c1eb20564de9d0bU, 0x94b01e8272b817bcU, 0x8143ea5cb605ce75U,
                 0xf5bf6e2705bb8093U, 0xf8bcafed8975d322U, 0xd85afdd22276ed2eU,
                 0xc0473c554000ed31U, 0xcf3917d53c921e51U, 0xf82268c063ac1af6U,
                 0x5d07a1f04ee3f121U, 0xf91f6d5b6a507286U, 0xbde0aeb12bf402b3U,
                 0xe192c97a94bd7fcfU, 0xd86e7ee2de03ca0dU, 0x4823810c586e4979U,
                 0x1c61a970332004f0U, 0x5c10d2fee0104e49U},
    .square_mont = {0x261c3fa920085536U, 0x7b86db10a6006e65U, 0x3bf5613c63556494U,
                    0x22a2aa6655fbc27eU, 0x9dfa33883db80b2fU, 0x62505bee6d3192f4U,
                    0xc3eef01ff7878b90U, 0x8a6425873dec0ca5U, 0x1b0146207ba3e0d3U,
                    0xde424467593d80d4U, 0x9ae3d4d585e1d784U, 0x3c89e9bdfaa52e25U,
                    0x47f88ddabe6f6eeaU, 0x45af07db9be80a59U, 0xa1d72eaa1e34c8ddU,
                    0x32fb7420ecc75d6cU, 0x9421e26d4556f78eU, 0x74fbe46b7f8101b4U,
                    0x0e39c252d205dec6U, 0x7b8892621d505d41U, 0x283651cb3ae2c7b8U,
                    0x0a204eea55fe96b5U, 0xdd63f04d53e3b4f9U, 0xdfbf67a73470243dU,
                    0x330692d38fbbd75bU, 0xfc23dfd9056fbaa8U, 0xc24e37ef5e88880fU,
                    0x655fd147600286b8U, 0x4997a9d145eb251eU, 0xe5d74597c5f9e1bdU,
                    0xd307b3b940eabfdeU, 0x5faafca7a804de9dU},
    .minus_p_inverse = 0x1e7e4d1bf8a58f51U,
    .q_bits = 256,
    .table_window = 10,
    .q_is_half = false,
};

static const uint64_t RFC3526_Q[32] = {
    0x7fffffffffffffffU, 0x0ab9472d45565534U, 0x8ae9130c4c7d0288U, 0x1ccaa4be754ab572U,
    0xef15e5fb4aac0b8cU, 0xdae2aef837a62964U, 0xcd93c1d17603d147U, 0xf1cf3b960c074301U,
    0x19482f23171b671dU, 0x78ba3604650c10beU, 0xb3861aa7255e4c02U, 0xcf6a9483b84b4b36U,
    0x0e3179ab1042a95dU, 0xc1b2ae91ee51d6cbU, 0x348b1fd47e9267afU, 0xcc6d241b0e2ae9cdU,
    0xe1003e5c50b1df82U, 0x24943328f6722d9eU, 0xd74f9208be258ff3U, 0xf71c35fdad44cfd2U,
    0x85ffae5b7a035bf6U, 0x7a262174d31bf6b5U, 0xf242dabb312f3f63U, 0xa7f09ab6b6a8e122U,
    0x98158536f92f8a1bU, 0xf7ca8cd9e69d218dU, 0x28a5043cc71a026eU, 0x0105df531d89cd91U,
    0x948127044533e63aU, 0x62633145c06e0e68U, 0xe487ed5110b4611aU, 0x7fffffffffffffffU};

static const nep_modp RFC3526 = {
    .p = {0xffffffffffffffffU, 0x15728e5a8aacaa68U, 0x15d2261898fa0510U, 0x3995497cea956ae5U,
          0xde2bcbf695581718U, 0xb5c55df06f4c52c9U, 0x9b2783a2ec07a28fU, 0xe39e772c180e8603U,
          0x32905e462e36ce3bU, 0xf1746c08ca18217cU, 0x670c354e4abc9804U, 0x9ed529077096966dU,
          0x1c62f356208552bbU, 0x83655d23dca3ad96U, 0x69163fa8fd24cf5fU, 0x98da48361c55d39aU,
          0xc2007cb8a163bf05U, 0x49286651ece45b3dU, 0xae9f24117c4b1fe6U, 0xee386bfb5a899fa5U,
          0x0bff5cb6f406b7edU, 0xf44c42e9a637ed6bU, 0xe485b576625e7ec6U, 0x4fe1356d6d51c245U,
          0x302b0a6df25f1437U, 0xef9519b3cd3a431bU, 0x514a08798e3404ddU, 0x020bbea63b139b22U,
          0x29024e088a67cc74U, 0xc4c6628b80dc1cd1U, 0xc90fdaa22168c234U, 0xffffffffffffffffU},
    .g = {0x0000000000000002U, 0x0000000000000000U, 0x0000000000000000U, 0x0000000000000000U,
          0x0000000000000000U, 0x0000000000000000U, 0x0000000000000000U, 0x0000000000000000U,
          0x0000000000000000U, 0x0000000000000000U, 0x0000000000000000U, 0x0000000000000000U,
          0x0000000000000000U, 0x0000000000000000U, 0x0000000000000000U, 0x0000000000000000U,
          0x0000000000000000U, 0x0000000000000000U, 0x0000000000000000U, 0x0000000000000000U,
          0x0000000000000000U, 0x0000000000000000U, 0x0000000000000000U, 0x0000000000000000U,
          0x0000000000000000U, 0x0000000000000000U, 0x0000000000000000U, 0x0000000000000000U,
          0x0000000000000000U, 0x0000000000000000U, 0x0000000000000000U, 0x0000000000000000U},
    .one_mont = {0x0000000000000001U, 0xea8d71a575535597U, 0xea2dd9e76705faefU,
                 0xc66ab683156a951aU, 0x21d434096aa7e8e7U, 0x4a3aa20f90b3ad36U,
                 0x64d87c5d13f85d70U, 0x1c6188d3e7f179fcU, 0xcd6fa1b9d1c931c4U,
                 0x0e8b93f735e7de83U, 0x98f3cab1b54367fbU, 0x612ad6f88f696992U,
                 0xe39d0ca9df7aad44U, 0x7c9aa2dc235c5269U, 0x96e9c05702db30a0U,
                 0x6725b7c9e3aa2c65U, 0x3dff83475e9c40faU, 0xb6d799ae131ba4c2U,
                 0x5160dbee83b4e019U, 0x11c79404a576605aU, 0xf400a3490bf94812U,
                 0x0bb3bd1659c81294U, 0x1b7a4a899da18139U, 0xb01eca9292ae3dbaU,
                 0xcfd4f5920da0ebc8U, 0x106ae64c32c5bce4U, 0xaeb5f78671cbfb22U,
                 0xfdf44159c4ec64ddU, 0xd6fdb1f77598338bU, 0x3b399d747f23e32eU,
                 0x36f0255dde973dcbU, 0x0000000000000000U},
    .square_mont = {0x477122ce125fb664U, 0xb03548fb9b38d313U, 0x4c2153ff6fd412c1U,
                    0x2a092b50873f9bc6U, 0xbbc71629fcb7f5f9U, 0x4bec06e136bd84e7U,
                    0x27ba725a6b020cb1U, 0xf8115426ed939eebU, 0x4bc1b1878a0e30d9U,
                    0x5620820e258633ffU, 0x074ed6ab785a3071U, 0xf228105f81f1cb61U,
                    0x570e436f4e2e6f7fU, 0x5ca52ff7d7450bd9U, 0x552272d275f10a7eU,
                    0xac2b7925739c7978U, 0xa2f88257325b54d0U, 0xbc821c9de8d72bd5U,
                    0xdbd442b3866d2986U, 0x9478951b70c4b2ceU, 0x5d998fb394910c76U,
                    0xf273b2937e300867U, 0x8c106bbe38569f92U, 0xf83c92cb14e992c5U,
                    0xd85d6e7eed6880ddU, 0xeb5b276fbe06a1dfU, 0x2a492090fa11e105U,
                    0x63bdd96d19ea00beU, 0x272382970a1698abU, 0x8a3a686c9240c974U,
                    0x3ed8570366613000U, 0x0cd37a33628b3197U},
    .minus_p_inverse = 0x0000000000000001U,
    .q_bits = 2047,
    .table_window = 6,
    .q_is_half = true,
};

#define MODP_FUNCTIONS                                                                             \
  .scalar_reduce = nep_modp_scalar_reduce, .scalar_mul = nep_modp_scalar_mul,                      \
  .scalar_invert_var = nep_modp_scalar_invert_var, .one = nep_modp_one,                            \
  .generator = nep_modp_generator, .mul = nep_modp_mul, .inv = nep_modp_inv,                       \
  .equal = nep_modp_equal, .compare_var = nep_modp_compare_var, .exp = nep_modp_exp,               \
  .exp_g = nep_modp_exp_g, .exp_var = nep_modp_exp_var, .is_member_var = nep_modp_is_member_var,   \
  .parse = nep_modp_parse, .text_many = nep_modp_text_many, .table_new = nep_modp_table_new,       \
  .table_free = nep_modp_table_free, .table_bytes = nep_modp_table_bytes,                          \
  .table_exp = nep_modp_table_exp, .table_exp_var = nep_modp_table_exp_var,                        \
  .commit_var = nep_modp_commit_var, .commit_many_var = nep_modp_commit_many_var,                  \
  .parse_many_var = nep_modp_parse_many_var, .text_many_var = nep_modp_text_many_var,              \
  .dlog_multiples_var = nep_modp_dlog_multiples_var,                                               \
  .dlog_steps_new_var = nep_modp_dlog_steps_new_var, .dlog_around_var = nep_modp_dlog_around_var

const nep_group nep_group_belenios_2048 = {
    .name = "BELENIOS-2048",
    .own = &BELENIOS,
    .q = BELENIOS_Q,
    .q_limbs = sizeof BELENIOS_Q / sizeof BELENIOS_Q[0],
    .scalar_digits = 77,
    .element_chars = 617,
    MODP_FUNCTIONS,
};

const nep_group nep_group_rfc3526_2048 = {
    .name = "RFC-3526-2048",
    .own = &RFC3526,
    .q = RFC3526_Q,
    .q_limbs = sizeof RFC3526_Q / sizeof RFC3526_Q[0],
    .scalar_digits = 617,
    .element_chars = 617,
    MODP_FUNCTIONS,
};
