/*
 * Tests of link state databases, routed6/ospf_lsdb.c.
 */
#include <atf-c.h>
#include <string.h>

#include "ospf_lsdb.h"

static const mono_t	start = { MONO_S(100) };

static struct ospf_lsa_header
header(int32_t seq, uint16_t cksum, uint16_t age)
{
	struct ospf_lsa_header	 h;

	memset(&h, 0, sizeof(h));
	h.seq = seq;
	h.cksum = cksum;
	h.age = age;
	h.len = OSPF_LSA_LEN;
	return (h);
}

static int
compare(int32_t seq_a, uint16_t sum_a, uint16_t age_a, int32_t seq_b,
    uint16_t sum_b, uint16_t age_b)
{
	struct ospf_lsa_header	 a = header(seq_a, sum_a, age_a);
	struct ospf_lsa_header	 b = header(seq_b, sum_b, age_b);
	int			 c = ospf_lsa_compare(&a, &b);

	ATF_CHECK_EQ(c > 0, ospf_lsa_compare(&b, &a) < 0);
	return (c > 0 ? 1 : c < 0 ? -1 : 0);
}

/* RFC 2328 13.1, its rules in their order. */
ATF_TC_WITHOUT_HEAD(rfc2328_13_1);
ATF_TC_BODY(rfc2328_13_1, tc)
{
	/* The sequence number, which is signed. */
	ATF_CHECK_EQ(compare(2, 0, 0, 1, 9, 3600), 1);
	ATF_CHECK_EQ(compare(OSPF_SEQ_FIRST, 0, 0, 1, 0, 0), -1);
	ATF_CHECK_EQ(compare(OSPF_SEQ_MAX, 0, 0, OSPF_SEQ_FIRST, 0, 0), 1);
	/* The checksum, which is not. */
	ATF_CHECK_EQ(compare(1, 0xffff, 0, 1, 1, 3600), 1);
	/* MaxAge. */
	ATF_CHECK_EQ(compare(1, 1, 3600, 1, 1, 3599), 1);
	ATF_CHECK_EQ(compare(1, 1, 3600, 1, 1, 3600), 0);
	/* The younger one, when they differ by more than MaxAgeDiff. */
	ATF_CHECK_EQ(compare(1, 1, 0, 1, 1, 901), 1);
	ATF_CHECK_EQ(compare(1, 1, 0, 1, 1, 900), 0);
	ATF_CHECK_EQ(compare(1, 1, 1000, 1, 1, 50), -1);
}

/* Put an LSA of type and id into a database, aged so far; NULL: refused. */
static struct ospf_lsa *
put(struct ospf_db *db, uint16_t type, uint32_t id, uint16_t age, mono_t now)
{
	struct ospf_lsa_header	 h = header(1, 1, age);
	uint8_t			 data[OSPF_LSA_LEN + 4] = { 0 };
	struct ospf_lsa		*l;

	h.key.type = type;
	h.key.id = id;
	h.len = sizeof(data);
	if ((l = ospf_lsa_new(db->store, &h, data, 0, now)) == NULL)
		return (NULL);
	ospf_db_install(db, l);
	ospf_lsa_rele(l);
	return (l);
}

ATF_TC_WITHOUT_HEAD(ospf_lsa_age);
ATF_TC_BODY(ospf_lsa_age, tc)
{
	struct ospf_store	 s;
	struct ospf_db		 db;
	struct ospf_lsa		*l, *m;

	ospf_store_init(&s, 10, 1000);
	ospf_db_init(&db, &s);
	ATF_CHECK_EQ(ospf_store_deadline(&s).ns, MONO_NEVER);
	l = put(&db, 1, 1, 0, start);
	m = put(&db, 1, 2, 3000, start);
	ATF_CHECK_EQ(ospf_lsa_age(l, start), 0);
	ATF_CHECK_EQ(ospf_lsa_age(m, mono_add(start, MONO_MS(1999))), 3001);
	ATF_CHECK_EQ(ospf_lsa_age(l, mono_add(start, MONO_S(9999))), 3600);
	/* The older one is next. */
	ATF_CHECK_EQ(ospf_store_deadline(&s).ns, start.ns + MONO_S(600));
	ATF_CHECK(ospf_store_expired(&s, mono_add(start, MONO_S(599))) ==
	    NULL);
	ATF_CHECK(ospf_store_expired(&s, mono_add(start, MONO_S(600))) == m);
	ospf_lsa_expire(m, mono_add(start, MONO_S(600)));
	ATF_CHECK(TAILQ_FIRST(&s.dying) == m);
	ATF_CHECK_EQ(ospf_store_deadline(&s).ns, start.ns + MONO_S(3600));
	/* Premature aging, twice is once. */
	ospf_lsa_expire(l, start);
	ospf_lsa_expire(l, start);
	ATF_CHECK_EQ(ospf_lsa_age(l, start), OSPF_MAXAGE);
	ATF_CHECK_EQ(ospf_store_deadline(&s).ns, MONO_NEVER);
	ospf_db_clear(&db);
	ATF_CHECK_EQ(s.count, 0);
	ATF_CHECK_EQ(s.bytes, 0);
}

ATF_TC_WITHOUT_HEAD(ospf_db_install);
ATF_TC_BODY(ospf_db_install, tc)
{
	struct ospf_key		 k = { 1, 1, 0 };
	struct ospf_store	 s;
	struct ospf_db		 db;
	struct ospf_lsa		*l;

	ospf_store_init(&s, 10, 1000);
	ospf_db_init(&db, &s);
	l = put(&db, 1, 1, 0, start);
	ospf_lsa_hold(l);
	ATF_CHECK(put(&db, 1, 1, 5, start) == ospf_db_find(&db, &k));
	/* The old instance lives as long as somebody holds it. */
	ATF_CHECK(l->db == NULL);
	ATF_CHECK_EQ(db.count, 1);
	ATF_CHECK_EQ(s.count, 2);
	ospf_lsa_expire(l, start);
	ATF_CHECK(TAILQ_EMPTY(&s.dying));
	ospf_lsa_rele(l);
	ATF_CHECK_EQ(s.count, 1);
	k.adv = 1;
	ATF_CHECK(ospf_db_find(&db, &k) == NULL);
	ospf_db_clear(&db);
	ATF_CHECK_EQ(s.count, 0);
}

/* An LSA that comes with MaxAge is dying from the first. */
ATF_TC_WITHOUT_HEAD(ospf_db_install_maxage);
ATF_TC_BODY(ospf_db_install_maxage, tc)
{
	struct ospf_store	 s;
	struct ospf_db		 db;
	struct ospf_lsa		*l;

	ospf_store_init(&s, 10, 1000);
	ospf_db_init(&db, &s);
	l = put(&db, 1, 1, OSPF_MAXAGE, start);
	ATF_CHECK(l->old);
	ATF_CHECK(TAILQ_FIRST(&s.dying) == l);
	ATF_CHECK(ospf_store_expired(&s, start) == NULL);
	ospf_db_remove(l);
	ATF_CHECK(TAILQ_EMPTY(&s.dying));
	ATF_CHECK_EQ(s.count, 0);
}

ATF_TC_WITHOUT_HEAD(ospf_db_after);
ATF_TC_BODY(ospf_db_after, tc)
{
	struct ospf_store	 s;
	struct ospf_db		 db;
	struct ospf_lsa		*l;
	uint32_t		 i, n = 0;

	ospf_store_init(&s, 1000, 100000);
	ospf_db_init(&db, &s);
	ATF_CHECK(ospf_db_after(&db, NULL) == NULL);
	for (i = 0; i < 100; i++)
		put(&db, i * 37 % 5, i * 61 % 100, 0, start);
	for (l = ospf_db_after(&db, NULL); l != NULL; n++) {
		struct ospf_lsa	*next = ospf_db_after(&db, &l->h.key);

		if (next != NULL)
			ATF_CHECK(ospf_key_cmp(&l->h.key, &next->h.key) < 0);
		/* It may go meanwhile. */
		if (n % 3 == 0)
			ospf_db_remove(l);
		l = next;
	}
	ATF_CHECK_EQ(n, 100);
	ospf_db_clear(&db);
}

/* What RFC 1765 wants for the LSAs that can be many; see ospf_lsdb.h. */
ATF_TC_WITHOUT_HEAD(ospf_store_room);
ATF_TC_BODY(ospf_store_room, tc)
{
	struct ospf_lsa_header	 h = header(1, 1, 0);
	struct ospf_store	 s;
	struct ospf_db		 db;
	struct ospf_lsa		*own;
	uint8_t			 data[OSPF_LSA_LEN] = { 0 };
	uint32_t		 i;

	ospf_store_init(&s, 100, 1 << 20);
	ospf_db_init(&db, &s);
	for (i = 0; put(&db, OSPF_LSA_EXTERNAL, i, 0, start) != NULL; i++)
		;
	ATF_CHECK_EQ(i, 75);
	ATF_CHECK_EQ(s.refused, 1);
	for (i = 0; put(&db, OSPF_LSA_ROUTER, i, 0, start) != NULL; i++)
		;
	ATF_CHECK_EQ(i, 25);
	own = ospf_lsa_new(&s, &h, data, 1, start);
	ATF_REQUIRE(own != NULL);
	ospf_lsa_rele(own);
	ospf_db_clear(&db);
	ospf_store_init(&s, 1000, 240);
	for (i = 0; put(&db, OSPF_LSA_ROUTER, i, 0, start) != NULL; i++)
		;
	ATF_CHECK_EQ(i, 240 / 24);
	ospf_db_clear(&db);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, rfc2328_13_1);
	ATF_TP_ADD_TC(tp, ospf_lsa_age);
	ATF_TP_ADD_TC(tp, ospf_db_install);
	ATF_TP_ADD_TC(tp, ospf_db_install_maxage);
	ATF_TP_ADD_TC(tp, ospf_db_after);
	ATF_TP_ADD_TC(tp, ospf_store_room);
	return (atf_no_error());
}
