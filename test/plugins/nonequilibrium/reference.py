"""The numbers of theory.test.ts by another road: own derivatives of the network, gradient descent before Newton, Lyapunov
equations by Kronecker products, permutations drawn. Called with a file of the targets, one a line, and learning rates on
the summed loss: python3 reference.py y.txt 5e-8 1e-6
"""
import numpy as np, sys
def setup(y, lam=0.001, B=10):
    N=len(y); x=-3+6*np.arange(N)/N
    def f_derivs(w):
        w1,w2,w3,w4,w5,w6,w7=w
        a=np.tanh(w1*x+w3); b=np.tanh(w2*x+w4); da=1-a*a; db=1-b*b
        f=w5*a+w6*b+w7
        J=np.stack([w5*da*x,w6*db*x,w5*da,w6*db,a,b,np.ones(N)],1)
        H=np.zeros((N,7,7)); dda=-2*a*da; ddb=-2*b*db
        def s(i,j,v): H[:,i,j]=v; H[:,j,i]=v
        s(0,0,w5*dda*x*x); s(0,2,w5*dda*x); s(2,2,w5*dda); s(0,4,da*x); s(2,4,da)
        s(1,1,w6*ddb*x*x); s(1,3,w6*ddb*x); s(3,3,w6*ddb); s(1,5,db*x); s(3,5,db)
        return f,J,H
    def exp_(w):
        f,J,Hf=f_derivs(w); e=f-y
        g=e[:,None]*J+lam*w
        H=J[:,:,None]*J[:,None,:]+e[:,None,None]*Hf+lam*np.eye(7)
        return 0.5*np.mean(e**2)+lam/2*w@w, g, H
    w=np.array([1.25,1.25,.6,-.6,.9,-.9,0.])
    # descend then newton
    for _ in range(20000):
        L,g,H=exp_(w); w=w-0.3*g.mean(0)
    for _ in range(30):
        L,g,H=exp_(w); w=w-np.linalg.solve(H.mean(0),g.mean(0))
    return w,exp_,N,B
def theory(y,etas=(1e-7,),scale=None):
    w,exp_,N,B=setup(y); sc=N/0.1**2
    L,g,Hs=exp_(w); H=Hs.mean(0); out={}
    print('w',repr(w.tolist())); print('eig',np.linalg.eigvalsh(H)*sc,'loss',L*sc)
    cov=np.cov(g.T,bias=True); fac=(N-B)/(B*(N-1))
    I=np.eye(7)
    def solve_continuous_lyapunov(H,Q): return np.linalg.solve(np.kron(H,I)+np.kron(I,H),Q.ravel()).reshape(7,7)
    def solve_discrete_lyapunov(A,Q): return np.linalg.solve(np.eye(49)-np.kron(A,A),Q.ravel()).reshape(7,7)
    for eta in etas:
        e=eta*sc
        D=e*e/2*fac*cov
        C=solve_continuous_lyapunov(H,2/e*D); K=e/2*(H@C-C@H)
        ent=-np.trace(K@np.linalg.inv(D)@K@np.linalg.inv(C))
        A=np.eye(7)-e*H; Cd=solve_discrete_lyapunov(A,2*D); Kd=.5*(Cd@A.T-A@Cd)
        entd=-np.trace(Kd@np.linalg.inv(D)@Kd@np.linalg.inv(Cd))
        print(eta,'trC',np.trace(C),np.trace(Cd),'ent',ent,entd,'normK',np.linalg.norm(K),np.linalg.norm(Kd))
        M=N//B
        def F(v):
            L,g,Hs=exp_(v); g0=g.mean(0); H0=Hs.mean(0); own=np.einsum('nij,nj->i',Hs,g)/N
            r=(N-B)/(B*(N-1)); return g0-e/2*(M*H0@g0-(H0@g0+r*(own-H0@g0)))
        v=w.copy()
        for _ in range(50): v=v-np.linalg.solve(H,F(v))
        print('  eff',repr(v.tolist()),'shift',np.linalg.norm(v-w))
        rng=np.random.default_rng(1); R=20000; T=np.zeros((R,7))
        for r in range(R):
            p=rng.permutation(N); gb=g[p].reshape(M,B,7).mean(1); Hb=Hs[p].reshape(M,B,7,7).mean(1)
            cs=np.cumsum(gb,0)-gb; T[r]=np.einsum('kij,kj->i',Hb,cs)
        S=np.cov(T.T); print('  perm trace',np.trace(S)*e**4, '+-',np.trace(S)*e**4*np.sqrt(2/R)*2, 'diag', (np.diag(S)*e**4).tolist())
if __name__=='__main__':
    y=np.loadtxt(sys.argv[1]); theory(y,[float(a) for a in sys.argv[2:]] or [1e-7])
