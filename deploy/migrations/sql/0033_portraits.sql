-- Faces (工牌照片): of those who go, so that an elder knows whom to let in, and of elders, for the desk. One a person; a new
-- one takes the place of the old under an id of its own. `content` is a JPEG in base64, sealed as its type says (0026).
CREATE TABLE gateway.portrait (
    id uuid PRIMARY KEY,
    elder_id text UNIQUE,
    responder_id text UNIQUE,
    content bpchar NOT NULL,
    by_account text NOT NULL REFERENCES gateway.account,
    at timestamptz NOT NULL,
    CHECK (num_nonnulls(elder_id, responder_id) = 1)
);
-- What is sealed cannot be packed.
ALTER TABLE gateway.portrait ALTER content SET STORAGE EXTERNAL;

GRANT SELECT, INSERT, DELETE ON gateway.portrait TO yl_gateway;
ALTER TABLE gateway.portrait ENABLE ROW LEVEL SECURITY;
ALTER TABLE gateway.portrait FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON gateway.portrait TO yl_owner USING (true) WITH CHECK (true);
-- A face is shown to whom the person is shown, wherever she moves; and while she goes to somebody, where that one lives.
CREATE POLICY in_scope ON gateway.portrait TO yl_gateway
    USING (EXISTS (SELECT FROM dispatch.elder e WHERE e.id = portrait.elder_id)
           OR EXISTS (SELECT FROM dispatch.responder r WHERE r.id = portrait.responder_id))
    WITH CHECK (EXISTS (SELECT FROM dispatch.elder e WHERE e.id = portrait.elder_id)
                OR EXISTS (SELECT FROM dispatch.responder r WHERE r.id = portrait.responder_id));
CREATE POLICY going ON gateway.portrait FOR SELECT TO yl_gateway
    USING (EXISTS (SELECT FROM dispatch.assignment a WHERE a.responder_id = portrait.responder_id
                   AND a.state IN ('accepted', 'en_route', 'arrived', 'in_service')));

-- Who goes no more is not to be let in by her picture, however it was that she left.
CREATE FUNCTION gateway.forget_portrait() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
BEGIN
    DELETE FROM gateway.portrait WHERE responder_id = NEW.id;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION gateway.forget_portrait FROM PUBLIC;
CREATE TRIGGER forget_portrait AFTER UPDATE OF retired_at ON dispatch.responder FOR EACH ROW
    WHEN (NEW.retired_at IS NOT NULL) EXECUTE FUNCTION gateway.forget_portrait();
